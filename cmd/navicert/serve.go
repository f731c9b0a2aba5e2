package main

type serveCmd struct{}
