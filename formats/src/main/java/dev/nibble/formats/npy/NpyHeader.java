package dev.nibble.formats.npy;

import dev.nibble.error.NibbleException;
import dev.nibble.tensor.DataType;
import dev.nibble.tensor.Shape;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What stands in front of an array: a magic number, a version, and a Python dictionary (NumPy, "NEP
 * 1", format versions 1 to 3).
 *
 * @param bigEndian whether the bytes of a number are the other way round
 * @param fortranOrder whether the first axis is the innermost
 * @param headerBytes where the data starts
 */
record NpyHeader(
        DataType type, boolean bigEndian, boolean fortranOrder, Shape shape, int headerBytes) {
    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
    private static final int MAX_TEXT_BYTES = 1 << 20;
    private static final int ALIGNMENT = 64;

    /** As many as NumPy itself allows. */
    private static final int MOST_AXES = 64;

    private static final Pattern DESCRIPTION =
            Pattern.compile("'descr'\\s*:\\s*'([<>|=]?)([a-zA-Z])(\\d*)'");
    private static final Pattern ORDER = Pattern.compile("'fortran_order'\\s*:\\s*(True|False)");
    private static final Pattern SHAPE = Pattern.compile("'shape'\\s*:\\s*\\(([0-9,\\s]*)\\)");

    /**
     * Reads the header and leaves the stream at the data.
     *
     * @throws NibbleException if this is no array, or one of a type without counterpart
     */
    static NpyHeader read(InputStream in) throws IOException {
        byte[] magic = in.readNBytes(MAGIC.length);
        if (!Arrays.equals(magic, MAGIC)) {
            throw new NibbleException(
                    "it is not a NumPy array; save it with numpy.save or numpy.savez");
        }
        byte[] version = in.readNBytes(2);
        if (version.length < 2 || version[0] < 1 || version[0] > 3) {
            throw new NibbleException("its version is none of 1 to 3; save it with another NumPy");
        }
        int lengthBytes = version[0] == 1 ? Short.BYTES : Integer.BYTES;
        byte[] length = Arrays.copyOf(in.readNBytes(lengthBytes), Integer.BYTES);
        int textBytes = ByteBuffer.wrap(length).order(ByteOrder.LITTLE_ENDIAN).getInt();
        if (textBytes < 0 || textBytes > MAX_TEXT_BYTES) {
            throw new NibbleException("its header is damaged; save it again");
        }
        String text = new String(in.readNBytes(textBytes), StandardCharsets.UTF_8);
        return parse(text, MAGIC.length + 2 + lengthBytes + textBytes);
    }

    private static NpyHeader parse(String text, int headerBytes) {
        Matcher description = DESCRIPTION.matcher(text);
        Matcher order = ORDER.matcher(text);
        Matcher shape = SHAPE.matcher(text);
        if (!description.find() || !order.find() || !shape.find()) {
            throw new NibbleException(
                    "its header %s is damaged or describes records; save plain arrays of numbers"
                            .formatted(text.strip()));
        }
        return new NpyHeader(
                type(description.group(2) + description.group(3)),
                description.group(1).equals(">"),
                order.group(1).equals("True"),
                shape(shape.group(1)),
                headerBytes);
    }

    private static DataType type(String code) {
        return switch (code) {
            case "f2" -> DataType.FLOAT16;
            case "f4" -> DataType.FLOAT32;
            case "f8" -> DataType.FLOAT64;
            case "i1" -> DataType.INT8;
            case "i2" -> DataType.INT16;
            case "i4" -> DataType.INT32;
            case "i8" -> DataType.INT64;
            case "u1" -> DataType.UINT8;
            case "u2" -> DataType.UINT16;
            case "u4" -> DataType.UINT32;
            case "u8" -> DataType.UINT64;
            case "b1" -> DataType.BOOL;
            default ->
                    throw new NibbleException(
                            "its element type %s has no counterpart; convert it with astype to a float, an integer or bool"
                                    .formatted(code));
        };
    }

    private static String code(DataType type) {
        return switch (type) {
            case FLOAT16 -> "<f2";
            case FLOAT32 -> "<f4";
            case FLOAT64 -> "<f8";
            case INT8 -> "|i1";
            case INT16 -> "<i2";
            case INT32 -> "<i4";
            case INT64 -> "<i8";
            case UINT8 -> "|u1";
            case UINT16 -> "<u2";
            case UINT32 -> "<u4";
            case UINT64 -> "<u8";
            case BOOL -> "|b1";
            case BFLOAT16,
                    FLOAT8E4M3FN,
                    FLOAT8E4M3FNUZ,
                    FLOAT8E5M2,
                    FLOAT8E5M2FNUZ,
                    FLOAT8E8M0,
                    FLOAT4E2M1,
                    INT4,
                    INT2,
                    UINT4,
                    UINT2,
                    COMPLEX64,
                    COMPLEX128,
                    STRING ->
                    throw new IllegalArgumentException(
                            "NumPy files are not written with " + type + " elements");
        };
    }

    private static Shape shape(String text) {
        if (text.chars().filter(c -> c == ',').count() > MOST_AXES) {
            throw new NibbleException(
                    "its shape (%s) has more than %d axes; save it again"
                            .formatted(text, MOST_AXES));
        }
        try {
            return Shape.of(
                    Arrays.stream(text.split(","))
                            .map(String::strip)
                            .filter(dim -> !dim.isEmpty())
                            .mapToLong(Long::parseLong)
                            .toArray());
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new NibbleException(
                    "its shape (%s) is one no array can have; save it again".formatted(text), e);
        }
    }

    /** How many bytes of data follow. */
    long dataBytes() {
        try {
            return type.bytes(shape.elements());
        } catch (ArithmeticException e) {
            throw new NibbleException(
                    "its shape %s is one no array can have; save it again".formatted(shape), e);
        }
    }

    /** The header of an array in C order, padded so that the data is aligned. */
    static byte[] write(DataType type, Shape shape) {
        String dims =
                Arrays.stream(shape.dims())
                        .mapToObj(Long::toString)
                        .collect(Collectors.joining(", "));
        String text =
                "{'descr': '%s', 'fortran_order': False, 'shape': (%s), }"
                        .formatted(code(type), shape.rank() == 1 ? dims + "," : dims);
        int unpadded = MAGIC.length + 2 + Short.BYTES + text.length() + 1;
        int padding = Math.ceilDiv(unpadded, ALIGNMENT) * ALIGNMENT - unpadded;
        byte[] padded = (text + " ".repeat(padding) + "\n").getBytes(StandardCharsets.US_ASCII);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(MAGIC);
        out.write(1);
        out.write(0);
        out.write(padded.length & 0xFF);
        out.write(padded.length >>> 8);
        out.writeBytes(padded);
        return out.toByteArray();
    }
}
