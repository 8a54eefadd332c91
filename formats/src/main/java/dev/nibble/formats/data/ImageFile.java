package dev.nibble.formats.data;

import java.nio.file.Path;

/** An image on disk or in a zip, and its class. */
record ImageFile(Path path, int label) {}
