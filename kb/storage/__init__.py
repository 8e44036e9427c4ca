"""Documents ⇄ disk: the catalogue, original files, corrections, versions."""
