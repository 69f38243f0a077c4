"""Results on disk: NetCDF files, manifests, and folders that are whole or absent."""
