package dev.nibble.formats.fuzz;

import dev.nibble.formats.json.JsonText;
import dev.nibble.formats.json.PlanFile;
import dev.nibble.formats.json.RecipeFile;
import dev.nibble.formats.npy.NpyFile;
import dev.nibble.formats.npy.NpzFile;
import dev.nibble.formats.onnx.EveryTensor;
import dev.nibble.formats.onnx.EverythingModel;
import dev.nibble.formats.onnx.proto.AttributeProto;
import dev.nibble.formats.onnx.proto.GraphProto;
import dev.nibble.formats.onnx.proto.ModelProto;
import dev.nibble.formats.onnx.proto.NodeProto;
import dev.nibble.formats.onnx.proto.OperatorSetIdProto;
import dev.nibble.formats.onnx.proto.StringStringEntryProto;
import dev.nibble.formats.onnx.proto.TensorProto;
import dev.nibble.formats.onnx.proto.TypeProto;
import dev.nibble.formats.onnx.proto.ValueInfoProto;
import dev.nibble.number.NumberFormats;
import dev.nibble.plan.NamePattern;
import dev.nibble.plan.NodeScheme;
import dev.nibble.plan.Recipe;
import dev.nibble.plan.Recipes;
import dev.nibble.plan.SavedActivation;
import dev.nibble.plan.SavedNode;
import dev.nibble.plan.SavedPlan;
import dev.nibble.plan.Weights;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;

/**
 * Writes what fuzzing starts from: small valid files that use every feature of a format. Run by
 * hand when a format learns something; {@code docs/fuzzing.md} says how.
 */
final class SeedFiles {
    private final Path resources;

    private SeedFiles(Path resources) {
        this.resources = resources.resolve("dev/nibble/formats");
    }

    /** Takes one argument, the folder of test resources. */
    public static void main(String... arguments) throws IOException {
        SeedFiles seeds = new SeedFiles(Path.of(arguments[0]));
        seeds.models();
        seeds.tensors();
        seeds.arrays();
        seeds.pictures();
        seeds.texts();
        seeds.zips();
    }

    private void write(String test, String method, String name, byte[] content) throws IOException {
        Path folder = resources.resolve(test + "FuzzTestInputs").resolve(method);
        Files.createDirectories(folder);
        Files.write(folder.resolve("seed-" + name), content);
    }

    private void model(String name, ModelProto.Builder model) throws IOException {
        write("onnx/OnnxModel", "readsOrRefuses", name, model.build().toByteArray());
    }

    private void models() throws IOException {
        model("everything", EverythingModel.proto().toBuilder());
        model(
                "perceptron",
                shell(perceptron(EveryTensor.raw("w", TensorProto.DataType.FLOAT, 24, 2, 3))));
        model("external", shell(perceptron(external("w.data"))));
        model("external-link", shell(perceptron(external("link/passwd"))));
        GraphProto.Builder inner =
                perceptron(EveryTensor.raw("w", TensorProto.DataType.FLOAT, 24, 2, 3));
        for (int depth = 0; depth < 6; depth++) {
            NodeProto.Builder branch =
                    NodeProto.newBuilder().setOpType("If").addInput("c").addOutput("o" + depth);
            branch.addAttributeBuilder()
                    .setName("then_branch")
                    .setType(AttributeProto.AttributeType.GRAPH)
                    .setG(inner);
            inner = GraphProto.newBuilder().setName("depth" + depth).addNode(branch);
        }
        model("nested", shell(inner));
    }

    private static ModelProto.Builder shell(GraphProto.Builder graph) {
        return ModelProto.newBuilder()
                .setIrVersion(8)
                .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(17))
                .setGraph(graph);
    }

    private static GraphProto.Builder perceptron(TensorProto.Builder weights) {
        GraphProto.Builder graph =
                GraphProto.newBuilder().setName("g").addInput(value("x")).addOutput(value("y"));
        graph.addInitializer(weights);
        graph.addNodeBuilder().setOpType("MatMul").addInput("x").addInput("w").addOutput("h");
        graph.addNodeBuilder().setOpType("Relu").addInput("h").addOutput("y");
        return graph;
    }

    private static ValueInfoProto.Builder value(String name) {
        TypeProto.Builder type = TypeProto.newBuilder();
        type.getTensorTypeBuilder().setElemType(1).getShapeBuilder().addDimBuilder().setDimValue(2);
        return ValueInfoProto.newBuilder().setName(name).setType(type);
    }

    private static TensorProto.Builder external(String location) {
        return EveryTensor.typed("w", TensorProto.DataType.FLOAT, 2, 3)
                .setDataLocation(TensorProto.DataLocation.EXTERNAL)
                .addExternalData(entry("location", location))
                .addExternalData(entry("offset", "64"))
                .addExternalData(entry("length", "24"));
    }

    private static StringStringEntryProto entry(String key, String value) {
        return StringStringEntryProto.newBuilder().setKey(key).setValue(value).build();
    }

    private void tensors() throws IOException {
        for (TensorProto tensor : EveryTensor.initializers()) {
            String name = tensor.getName().replace(' ', '-');
            write("onnx/OnnxTensor", "readsOrRefuses", name, tensor.toByteArray());
        }
        write(
                "onnx/OnnxTensor",
                "readsOrRefuses",
                "external",
                external("w.data").build().toByteArray());
    }

    private void arrays() throws IOException {
        Tensor floats = Tensor.ofFloats(Shape.of(2, 3), 1, 2, 3, 4, 5, 6);
        Tensor longs = Tensor.ofLongs(Shape.of(2), 0, 1);
        Path file = Expect.folder().resolve("a.npy");
        for (Tensor tensor : List.of(floats, longs, Tensor.ofFloats(Shape.scalar(), 1))) {
            NpyFile.write(tensor, file);
            write(
                    "npy/Npy",
                    "readsOrRefuses",
                    tensor.toString().replace(' ', '-'),
                    Files.readAllBytes(file));
        }
        NpyFile.write(floats, file);
        String text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        array("fortran", text.replace("False", "True "));
        array("big-endian", text.replace("<f4", ">f4"));
        array("version-2", text.replace("NUMPY\1\0v\0", "NUMPY\2\0t\0\0\0").replace("  \n", "\n"));
        NpzFile.write(Map.of("x", floats, "labels", longs), file);
        write("npy/Npz", "readsOrRefuses", "deflated", Files.readAllBytes(file));
        ByteArrayOutputStream stored = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(stored)) {
            zip.setLevel(0);
            zip.putNextEntry(new ZipEntry("x.npy"));
            zip.write(text.getBytes(StandardCharsets.ISO_8859_1));
        }
        write("npy/Npz", "readsOrRefuses", "stored", stored.toByteArray());
    }

    private void array(String name, String latin) throws IOException {
        write("npy/Npy", "readsOrRefuses", name, latin.getBytes(StandardCharsets.ISO_8859_1));
    }

    private void pictures() throws IOException {
        for (String format : List.of("jpg", "png", "bmp", "gif")) {
            for (int type :
                    List.of(
                            BufferedImage.TYPE_3BYTE_BGR,
                            BufferedImage.TYPE_BYTE_GRAY,
                            BufferedImage.TYPE_USHORT_GRAY,
                            BufferedImage.TYPE_BYTE_BINARY,
                            BufferedImage.TYPE_BYTE_INDEXED,
                            BufferedImage.TYPE_4BYTE_ABGR)) {
                picture(format, type, false);
            }
        }
        picture("jpg", BufferedImage.TYPE_3BYTE_BGR, true);
        picture("png", BufferedImage.TYPE_3BYTE_BGR, true);
    }

    private void picture(String format, int type, boolean progressive) throws IOException {
        BufferedImage image = image(type);
        ImageWriter writer = ImageIO.getImageWritersByFormatName(format).next();
        if (!writer.getOriginatingProvider()
                .canEncodeImage(ImageTypeSpecifier.createFromRenderedImage(image))) {
            return;
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ImageWriteParam settings = writer.getDefaultWriteParam();
        if (progressive) {
            settings.setProgressiveMode(ImageWriteParam.MODE_DEFAULT);
        }
        try (ImageOutputStream stream = ImageIO.createImageOutputStream(out)) {
            writer.setOutput(stream);
            writer.write(null, new IIOImage(image, null, null), settings);
        }
        String name = format + "-" + type + (progressive ? "-progressive" : "");
        write("image/Image", "decodesOrRefuses", name, out.toByteArray());
    }

    private static BufferedImage image(int type) {
        BufferedImage image = new BufferedImage(9, 7, type);
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                image.setRGB(x, y, 0xFF000000 | (x * 28) << 16 | (y * 36) << 8 | (x * y * 4));
            }
        }
        return image;
    }

    private void texts() throws IOException {
        List<String> settings =
                List.of(
                        "imagenet",
                        "tf,resize=exact,size=8x6",
                        "scale=0.5,mean=1:2:3,std=4:5:6,channels=bgr,layout=nchw,crop=0.5,size=8",
                        "other.json");
        for (int i = 0; i < settings.size(); i++) {
            write("image/Preprocessing", "understandsOrRefuses", "" + i, bytes(settings.get(i)));
        }
        for (Recipe recipe : Recipes.ALL) {
            write(
                    "json/Recipe",
                    "readsOrRefuses",
                    recipe.name(),
                    bytes(JsonText.of(RecipeFile.data(recipe))));
        }
        Recipe schemes =
                Recipes.W4A8.withSchemes(
                        List.of(
                                new NodeScheme(new NamePattern("c1*"), new NodeScheme.StayFloat()),
                                new NodeScheme(
                                        new NamePattern("type:Conv"),
                                        new NodeScheme.Like(Recipes.INT8_PER_TENSOR))));
        write(
                "json/Recipe",
                "readsOrRefuses",
                "schemes",
                bytes(JsonText.of(RecipeFile.data(schemes))));
        write(
                "json/Recipe",
                "readsOrRefuses",
                "ranges",
                bytes(
                        "{\"keepFloat\":[\"a?\"],\"ranges\":[{\"pattern\":\"x\",\"min\":-1,\"max\":2.5e3}],\"edges\":{\"weights\":{\"format\":\"int8\"}}}"));
        write(
                "json/Plan",
                "readsOrRefuses",
                "whole",
                bytes(JsonText.of(PlanFile.data(plan(schemes)))));
        write("data/Labels", "readsOrRefuses", "plain", bytes("file,label\na.png,0\nd/b.png,12\n"));
        write(
                "data/Labels",
                "readsOrRefuses",
                "quoted",
                bytes("\uFEFFlabel,\"file\",note\r\n1,\"a.png\",\"x \"\"y\"\", z\"\r\n\r\n"));
    }

    private static SavedPlan plan(Recipe recipe) {
        SavedActivation.Affine affine = new SavedActivation.Affine(0.25f, 3);
        return new SavedPlan(
                "ab12",
                new SavedPlan.Split(100, 20, 80),
                recipe,
                List.of("Gptq", "BiasCorrection"),
                List.of(
                        new SavedNode(
                                "c1",
                                "Conv",
                                SavedNode.Choice.FLOAT,
                                Optional.empty(),
                                "asked for"),
                        new SavedNode(
                                "fc",
                                "Gemm",
                                SavedNode.Choice.WEIGHTS,
                                Optional.of(Weights.perBlock(NumberFormats.INT4, 32)),
                                "")),
                List.of(
                        new SavedActivation(
                                "x",
                                List.of("y"),
                                NumberFormats.UINT8,
                                Optional.of(affine),
                                Optional.of(affine))));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private void zips() throws IOException {
        byte[] picture =
                Files.readAllBytes(
                        resources.resolve(
                                "image/ImageFuzzTestInputs/decodesOrRefuses/seed-gif-13"));
        zip("plain", Map.of("a.gif", picture));
        zip("classes", Map.of("data/cat/a.gif", picture, "data/dog/b.gif", picture));
        zip("labels", Map.of("labels.csv", bytes("file,label\na.gif,3\n"), "a.gif", picture));
        zip("slip", Map.of("../a.gif", picture));
        zip("slip-of-labels", Map.of("labels.csv", bytes("file,label\n../a.gif,3\n")));
        zip("bomb", Map.of("a.gif", new byte[1 << 20]));
    }

    private void zip(String name, Map<String, byte[]> entries) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                zip.putNextEntry(new ZipEntry(entry.getKey()));
                zip.write(entry.getValue());
            }
        }
        write("data/ImageZip", "readsOrRefuses", name, out.toByteArray());
    }
}
