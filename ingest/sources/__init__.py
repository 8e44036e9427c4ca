"""Files, archives and manifests: what is given to be read."""
