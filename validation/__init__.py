"""Studies that could show the product wrong: false passes of the certificate, calibration."""
