package main

type replayCmd struct{}
