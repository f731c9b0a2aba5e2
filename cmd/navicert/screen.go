package main

type screenCmd struct{}
