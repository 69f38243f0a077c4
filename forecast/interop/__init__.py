"""Foreign formats: networks of other programs in, expected networks out."""
