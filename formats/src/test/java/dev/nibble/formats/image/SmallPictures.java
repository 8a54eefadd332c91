package dev.nibble.formats.image;

import dev.nibble.graph.Model;

/** A way from files to a network that refuses pictures which would only take longer. */
public final class SmallPictures {
    /** More than any picture of a test that is to be read. */
    static final long MOST_PIXELS = 1 << 14;

    private SmallPictures() {}

    /**
     * The same inputs as any preparation makes, of pictures of at most {@value #MOST_PIXELS}
     * pixels.
     */
    public static ImagePreparation preparation(Model model, Preprocessing preprocessing) {
        return new ImagePreparation(model, preprocessing, new ImageDecoder(MOST_PIXELS));
    }
}
