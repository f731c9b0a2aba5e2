package main

type checkCmd struct{}
