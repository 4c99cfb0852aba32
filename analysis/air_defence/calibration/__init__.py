"""The models held against raids that happened: nights by class and their law; layers, and the levels of their inputs."""
