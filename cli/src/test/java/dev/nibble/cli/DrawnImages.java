package dev.nibble.cli;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

import javax.imageio.ImageIO;

/** Folders of small images, drawn from a seed. */
final class DrawnImages {
    private DrawnImages() {}

    /** Draws so many images of each class, one folder a class. */
    static Path inClassFolders(Path folder, int perClass) throws IOException {
        for (int c = 0; c < TinyNetworks.CLASSES; c++) {
            Path of = Files.createDirectories(folder.resolve("class" + c));
            for (int i = 0; i < perClass; i++) {
                draw(of.resolve(i + ".png"), c, i);
            }
        }
        return folder;
    }

    /** Draws so many images and labels them in a file. */
    static Path withLabels(Path folder, int count) throws IOException {
        Files.createDirectories(folder);
        for (int i = 0; i < count; i++) {
            draw(folder.resolve(i + ".png"), i % TinyNetworks.CLASSES, i);
        }
        List<String> lines =
                IntStream.range(0, count)
                        .mapToObj(i -> i + ".png," + i % TinyNetworks.CLASSES)
                        .toList();
        Files.writeString(
                folder.resolve("labels.csv"), "file,label\n" + String.join("\n", lines) + "\n");
        return folder;
    }

    private static void draw(Path file, int kind, int seed) throws IOException {
        BufferedImage image =
                new BufferedImage(TinyNetworks.SIZE, TinyNetworks.SIZE, BufferedImage.TYPE_INT_RGB);
        Random random = new Random(31L * kind + seed);
        Graphics2D pen = image.createGraphics();
        for (int i = 0; i < 4; i++) {
            pen.setColor(new Color(random.nextInt(256), random.nextInt(256), random.nextInt(256)));
            pen.fillRect(random.nextInt(6), random.nextInt(6), 2 + kind, 2 + i);
        }
        pen.dispose();
        ImageIO.write(image, "png", file.toFile());
    }
}
