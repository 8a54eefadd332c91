package dev.nibble.examples.shapes;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.GradientPaint;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.geom.Ellipse2D;
import java.awt.geom.QuadCurve2D;
import java.awt.image.BufferedImage;
import java.util.random.RandomGenerator;

/** Paints one glyph somewhere in a cluttered scene. Every choice comes from the given generator. */
final class Painter {
    private final int size;
    private final Difficulty difficulty;
    private final RandomGenerator random;

    Painter(int size, Difficulty difficulty, RandomGenerator random) {
        this.size = size;
        this.difficulty = difficulty;
        this.random = random;
    }

    BufferedImage paint(Glyph glyph) {
        BufferedImage image = new BufferedImage(size, size, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        graphics.setRenderingHint(
                RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        graphics.setRenderingHint(
                RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
        try {
            double[] background = {random.nextDouble(), random.nextDouble(), random.nextDouble()};
            paintBackground(graphics, background);
            paintClutter(graphics, upTo(difficulty.clutter()), background);
            paintGlyph(graphics, glyph, background);
            paintClutter(graphics, upTo(difficulty.clutter() / 2), background);
        } finally {
            graphics.dispose();
        }
        return image;
    }

    private void paintBackground(Graphics2D graphics, double[] colour) {
        double[] other = apartFrom(colour, between(0, 0.3));
        double angle = between(0, 2 * StrictMath.PI);
        float dx = (float) (size / 2.0 * StrictMath.cos(angle));
        float dy = (float) (size / 2.0 * StrictMath.sin(angle));
        float middle = size / 2f;
        graphics.setPaint(
                new GradientPaint(
                        middle - dx,
                        middle - dy,
                        opaque(colour),
                        middle + dx,
                        middle + dy,
                        opaque(other)));
        graphics.fillRect(0, 0, size, size);
    }

    private void paintGlyph(Graphics2D graphics, Glyph glyph, double[] background) {
        double radius = size * between(0.27, 0.45);
        double slack = size / 2.0 - radius * 0.9;
        Shape shape =
                placement(radius, slack * between(-1, 1), slack * between(-1, 1))
                        .createTransformedShape(glyph.outline());
        double contrast = between(difficulty.minContrast(), difficulty.maxContrast());
        Color colour = opaque(apartFrom(background, contrast));
        graphics.setPaint(colour);
        if (random.nextInt(3) == 0) {
            graphics.setStroke(pen(between(0.06, 0.09) * size));
            graphics.draw(shape);
        } else {
            graphics.fill(shape);
        }
    }

    /** Unit circle to pixels: any rotation, some shear, some stretch. */
    private AffineTransform placement(double radius, double dx, double dy) {
        double angle = between(0, 2 * StrictMath.PI);
        double cos = StrictMath.cos(angle);
        double sin = StrictMath.sin(angle);
        double middle = size / 2.0;
        AffineTransform placed = new AffineTransform(cos, sin, -sin, cos, middle + dx, middle + dy);
        placed.shear(between(-0.25, 0.25), 0);
        placed.scale(radius, radius * between(0.8, 1.0));
        return placed;
    }

    private void paintClutter(Graphics2D graphics, int count, double[] background) {
        for (int i = 0; i < count; i++) {
            double[] colour = apartFrom(background, between(0.1, 0.5));
            graphics.setPaint(translucent(colour, between(0.5, 1)));
            if (random.nextInt(3) == 0) {
                double diameter = size * between(0.05, 0.16);
                graphics.fill(new Ellipse2D.Double(coordinate(), coordinate(), diameter, diameter));
            } else {
                graphics.setStroke(pen(size * between(0.02, 0.05)));
                graphics.draw(
                        new QuadCurve2D.Double(
                                coordinate(),
                                coordinate(),
                                coordinate(),
                                coordinate(),
                                coordinate(),
                                coordinate()));
            }
        }
    }

    /**
     * A colour whose distance to {@code from} (root mean square over channels) is near {@code by}.
     */
    private double[] apartFrom(double[] from, double by) {
        double[] direction = new double[3];
        double norm = 0;
        for (int c = 0; c < 3; c++) {
            direction[c] = between(-1, 1);
            norm += direction[c] * direction[c];
        }
        double step = by / StrictMath.sqrt(Math.max(norm, 1e-3) / 3);
        double[] colour = new double[3];
        for (int c = 0; c < 3; c++) {
            double moved = from[c] + step * direction[c];
            colour[c] = moved < 0 || moved > 1 ? from[c] - step * direction[c] : moved;
            colour[c] = Math.clamp(colour[c], 0.0, 1.0);
        }
        return colour;
    }

    private int upTo(double most) {
        return random.nextInt((int) Math.round(most) + 1);
    }

    private double coordinate() {
        return size * random.nextDouble();
    }

    private double between(double low, double high) {
        return low + (high - low) * random.nextDouble();
    }

    private static BasicStroke pen(double width) {
        return new BasicStroke((float) width, BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER);
    }

    private static Color opaque(double[] rgb) {
        return translucent(rgb, 1);
    }

    private static Color translucent(double[] rgb, double alpha) {
        return new Color((float) rgb[0], (float) rgb[1], (float) rgb[2], (float) alpha);
    }
}
