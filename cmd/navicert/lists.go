package main

type listsCmd struct{}
