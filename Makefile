# Placeholder until the build lands: `make layers`.
layers:
	perl src/layers.pl
