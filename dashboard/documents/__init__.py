"""Files that come in and go out: photos, outlines, registers as sheets, dossiers. Each module loads its own library."""
