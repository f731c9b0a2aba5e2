package main

type decodeCmd struct{}
