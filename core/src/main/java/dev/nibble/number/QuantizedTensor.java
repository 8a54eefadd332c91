package dev.nibble.number;

import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

/**
 * Codes and what they stand for: real = scale · (code − zeroPoint).
 *
 * @param codes of the encoding's element type; 4-bit codes are packed as ONNX packs them, the first
 *     in the low half of a byte
 * @param encoding one whose scales fit the shape of the codes
 */
public record QuantizedTensor(Tensor codes, Encoding encoding) {
    public QuantizedTensor {
        if (codes.type() != encoding.format().dataType()) {
            throw new IllegalArgumentException(
                    "codes of type %s do not fit the encoding %s"
                            .formatted(codes.type(), encoding));
        }
        Groups.checkFit(codes.shape(), encoding);
    }

    public Shape shape() {
        return codes.shape();
    }
}
