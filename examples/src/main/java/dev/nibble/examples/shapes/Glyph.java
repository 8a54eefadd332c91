package dev.nibble.examples.shapes;

import java.awt.geom.Arc2D;
import java.awt.geom.Path2D;
import java.util.Locale;

/**
 * The ten classes of the image set, each a closed outline that about fills the unit circle around
 * the origin.
 *
 * <p>Outlines are paths, never text: a font would differ from machine to machine. The order of the
 * constants is alphabetical, as is that of the class folders that give a picture its label.
 */
public enum Glyph {
    ARROW {
        @Override
        Path2D outline() {
            return polygon(
                    0.0, -1.0, 0.75, -0.1, 0.3, -0.1, 0.3, 0.95, -0.3, 0.95, -0.3, -0.1, -0.75,
                    -0.1);
        }
    },
    BOLT {
        @Override
        Path2D outline() {
            return polygon(0.25, -1.0, -0.6, 0.2, -0.05, 0.2, -0.25, 1.0, 0.6, -0.25, 0.05, -0.25);
        }
    },
    CRESCENT {
        @Override
        Path2D outline() {
            double outer = 0.95;
            double inner = 0.75;
            double apart = 0.35;
            double tip = (outer * outer - inner * inner + apart * apart) / (2 * apart);
            double outerAngle = StrictMath.toDegrees(StrictMath.acos(tip / outer));
            double innerAngle = StrictMath.toDegrees(StrictMath.acos((tip - apart) / inner));
            Path2D path = new Path2D.Double(arc(0, outer, outerAngle, 360 - 2 * outerAngle));
            path.append(arc(apart, inner, -innerAngle, 2 * innerAngle - 360), true);
            path.closePath();
            return path;
        }
    },
    CROSS {
        @Override
        Path2D outline() {
            double far = 0.95;
            double near = 0.28;
            return polygon(
                    near, -far, near, -near, far, -near, far, near, near, near, near, far, -near,
                    far, -near, near, -far, near, -far, -near, -near, -near, -near, -far);
        }
    },
    DROP {
        @Override
        Path2D outline() {
            Path2D path = new Path2D.Double();
            path.moveTo(0.0, -1.0);
            path.curveTo(0.1, -0.5, 0.6, -0.05, 0.6, 0.4);
            path.append(new Arc2D.Double(-0.6, -0.2, 1.2, 1.2, 0.0, -180.0, Arc2D.OPEN), true);
            path.curveTo(-0.6, -0.05, -0.1, -0.5, 0.0, -1.0);
            path.closePath();
            return path;
        }
    },
    HEART {
        @Override
        Path2D outline() {
            Path2D path = new Path2D.Double();
            path.moveTo(0.0, 0.95);
            path.curveTo(-0.5, 0.55, -0.95, 0.2, -0.95, -0.3);
            path.curveTo(-0.95, -0.95, -0.2, -1.0, 0.0, -0.4);
            path.curveTo(0.2, -1.0, 0.95, -0.95, 0.95, -0.3);
            path.curveTo(0.95, 0.2, 0.5, 0.55, 0.0, 0.95);
            path.closePath();
            return path;
        }
    },
    PENTAGON {
        @Override
        Path2D outline() {
            return star(5, 0.95, 0.95 * StrictMath.cos(StrictMath.PI / 5));
        }
    },
    SQUARE {
        @Override
        Path2D outline() {
            return polygon(-0.7, -0.7, 0.7, -0.7, 0.7, 0.7, -0.7, 0.7);
        }
    },
    STAR {
        @Override
        Path2D outline() {
            return star(5, 1.0, 0.45);
        }
    },
    TRIANGLE {
        @Override
        Path2D outline() {
            return star(3, 1.0, 0.5);
        }
    };

    /** A fresh copy of the outline; y grows downwards. */
    abstract Path2D outline();

    /** The class name as folders and metadata spell it. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    private static Path2D polygon(double... xy) {
        Path2D path = new Path2D.Double();
        path.moveTo(xy[0], xy[1]);
        for (int i = 2; i < xy.length; i += 2) {
            path.lineTo(xy[i], xy[i + 1]);
        }
        path.closePath();
        return path;
    }

    /** Part of a circle around a point of the x axis; angles in degrees, against the clock. */
    private static Arc2D arc(double x, double radius, double start, double extent) {
        double width = 2 * radius;
        return new Arc2D.Double(x - radius, -radius, width, width, start, extent, Arc2D.OPEN);
    }

    private static Path2D star(int points, double outer, double inner) {
        double[] xy = new double[4 * points];
        for (int i = 0; i < 2 * points; i++) {
            double angle = StrictMath.PI * i / points;
            double radius = i % 2 == 0 ? outer : inner;
            xy[2 * i] = radius * StrictMath.sin(angle);
            xy[2 * i + 1] = -radius * StrictMath.cos(angle);
        }
        return polygon(xy);
    }
}
