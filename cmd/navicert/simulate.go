package main

type simulateCmd struct{}
