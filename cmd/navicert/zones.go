package main

type zonesCmd struct{}
