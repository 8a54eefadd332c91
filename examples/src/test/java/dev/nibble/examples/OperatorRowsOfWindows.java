package dev.nibble.examples;

import static dev.nibble.examples.OperatorRows.fixed;
import static dev.nibble.examples.OperatorRows.longs;
import static dev.nibble.examples.OperatorRows.noise;
import static dev.nibble.examples.OperatorRows.row;

import dev.nibble.examples.OperatorRows.Row;
import dev.nibble.tensor.Tensor;

import java.util.ArrayList;
import java.util.List;

/** Convolutions, pools and pictures of another size. */
final class OperatorRowsOfWindows {
    private static final Tensor PICTURE = noise(1, 2, 7, 6);

    private OperatorRowsOfWindows() {}

    static List<Row> rows() {
        List<Row> rows = new ArrayList<>(convolutions());
        rows.addAll(pools());
        rows.addAll(sizes());
        return rows;
    }

    private static List<Row> convolutions() {
        Row conv = row("Conv", PICTURE, noise(4, 2, 3, 3), noise(4));
        Row back = row("ConvTranspose", noise(1, 2, 4, 3), noise(2, 2, 3, 3), noise(2));
        return List.of(
                conv.with("pads", new int[] {1, 0, 2, 1}).with("strides", new int[] {2, 1}),
                conv.with("auto_pad", "SAME_UPPER").with("strides", new int[] {2, 2}),
                conv.with("auto_pad", "SAME_LOWER").with("strides", new int[] {2, 3}),
                conv.with("dilations", new int[] {2, 1}).with("pads", new int[] {1, 1, 1, 1}),
                row("Conv", noise(1, 4, 6), noise(4, 2, 3)).with("group", 2),
                row("Conv", noise(1, 1, 4, 4, 4), noise(2, 1, 2, 2, 2)),
                back,
                back.with("strides", new int[] {2, 2}).with("pads", new int[] {1, 1, 1, 1}),
                back.with("strides", new int[] {2, 3}).with("pads", new int[] {0, 1, 1, 0}),
                back.with("strides", new int[] {2, 2}).with("output_padding", new int[] {1, 0}),
                back.with("strides", new int[] {2, 2}).with("output_shape", new int[] {8, 6}),
                back.with("strides", new int[] {2, 2}).with("auto_pad", "SAME_UPPER"),
                back.with("strides", new int[] {2, 2}).with("auto_pad", "SAME_LOWER"),
                row("ConvTranspose", noise(1, 4, 3, 3), noise(4, 1, 2, 2))
                        .with("group", 2)
                        .with("dilations", new int[] {2, 2}),
                row("ConvTranspose", noise(1, 2, 5), noise(2, 3, 3))
                        .with("strides", new int[] {2}));
    }

    private static List<Row> pools() {
        List<Row> rows = new ArrayList<>();
        for (String kind : List.of("MaxPool", "AveragePool")) {
            Row pool = row(kind, PICTURE).with("kernel_shape", new int[] {3, 2}).opset(18);
            rows.add(pool);
            rows.add(pool.with("strides", new int[] {2, 2}).with("ceil_mode", 1));
            rows.add(pool.with("strides", new int[] {3, 3}).with("ceil_mode", 1));
            rows.add(pool.with("pads", new int[] {1, 1, 1, 1}));
            rows.add(pool.with("pads", new int[] {1, 0, 0, 1}).with("strides", new int[] {2, 2}));
            rows.add(
                    pool.with("pads", new int[] {1, 1, 1, 1})
                            .with("strides", new int[] {3, 2})
                            .with("ceil_mode", 1));
            rows.add(pool.with("auto_pad", "SAME_UPPER").with("strides", new int[] {2, 2}));
            rows.add(pool.with("auto_pad", "SAME_LOWER"));
            rows.add(row(kind, noise(1, 2, 9)).with("kernel_shape", new int[] {3}));
            rows.add(row(kind, noise(1, 1, 4, 5, 4)).with("kernel_shape", new int[] {2, 2, 2}));
        }
        Row counted =
                row("AveragePool", PICTURE)
                        .with("kernel_shape", new int[] {3, 3})
                        .with("count_include_pad", 1);
        rows.add(counted.with("pads", new int[] {1, 1, 1, 1}));
        rows.add(counted.with("pads", new int[] {0, 1, 1, 0}).with("strides", new int[] {2, 2}));
        rows.add(
                row("MaxPool", PICTURE)
                        .with("kernel_shape", new int[] {2, 2})
                        .with("dilations", new int[] {2, 2}));
        rows.add(
                row("AveragePool", PICTURE)
                        .with("kernel_shape", new int[] {2, 2})
                        .with("dilations", new int[] {2, 3}));
        rows.add(
                row("LpPool", PICTURE)
                        .with("kernel_shape", new int[] {2, 3})
                        .with("pads", new int[] {1, 0, 0, 1})
                        .opset(18));
        rows.add(row("GlobalAveragePool", PICTURE));
        rows.add(row("GlobalMaxPool", PICTURE));
        rows.add(row("GlobalLpPool", PICTURE).with("p", 3));
        return rows;
    }

    private static List<Row> sizes() {
        List<Row> rows = new ArrayList<>();
        Object scales = fixed(1, 1, 1.7f, 0.6f);
        for (String places :
                List.of("half_pixel", "pytorch_half_pixel", "asymmetric", "align_corners")) {
            for (String mode : List.of("nearest", "linear", "cubic")) {
                rows.add(
                        row("Resize", PICTURE, "", scales)
                                .with("mode", mode)
                                .with("coordinate_transformation_mode", places));
            }
            for (String nearest : List.of("floor", "ceil", "round_prefer_ceil")) {
                rows.add(
                        row("Resize", PICTURE, "", scales)
                                .with("nearest_mode", nearest)
                                .with("coordinate_transformation_mode", places));
            }
        }
        Row bySize = row("Resize", PICTURE, "", "", longs(1, 2, 4, 13));
        rows.add(bySize.with("mode", "linear"));
        rows.add(
                bySize.with("mode", "linear")
                        .with("coordinate_transformation_mode", "half_pixel_symmetric"));
        rows.add(
                bySize.with("mode", "cubic")
                        .with("exclude_outside", 1)
                        .with("cubic_coeff_a", -0.5f));
        rows.add(
                row("Resize", PICTURE, "", "", longs(3, 3))
                        .with("axes", new int[] {3, 2})
                        .with("mode", "linear"));
        rows.add(row("Resize", PICTURE, fixed(1, 1, 2, 0.5f)).opset(10));
        rows.add(row("Resize", PICTURE, fixed(1, 1, 2, 0.5f)).opset(10).with("mode", "linear"));
        rows.add(row("Upsample", PICTURE, fixed(1, 1, 2, 3)).opset(9));
        rows.add(row("Upsample", PICTURE, fixed(1, 1, 2, 3)).opset(9).with("mode", "linear"));
        rows.add(row("Upsample", PICTURE).opset(7).with("scales", new float[] {1, 1, 1.5f, 2}));
        rows.add(row("DepthToSpace", noise(1, 8, 2, 3)).with("blocksize", 2));
        rows.add(row("DepthToSpace", noise(1, 8, 2, 3)).with("blocksize", 2).with("mode", "CRD"));
        rows.add(row("SpaceToDepth", noise(1, 2, 4, 6)).with("blocksize", 2));
        return rows;
    }
}
