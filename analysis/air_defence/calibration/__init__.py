"""The models held against raids that happened: nights by class, and layers with the levels of their inputs."""
