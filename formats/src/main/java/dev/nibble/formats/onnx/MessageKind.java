package dev.nibble.formats.onnx;

/** Where a message of each kind holds others that lead to tensors: the standard's field numbers. */
enum MessageKind {
    MODEL,
    GRAPH,
    FUNCTION,
    NODE,
    ATTRIBUTE,
    TENSOR,
    /** Not a message: the bytes of a tensor. */
    RAW_DATA,
    /** Anything that is carried along as it is. */
    OTHER;

    MessageKind field(int number) {
        return switch (this) {
            case MODEL ->
                    switch (number) {
                        case 7 -> GRAPH;
                        case 25 -> FUNCTION;
                        default -> OTHER;
                    };
            case FUNCTION ->
                    switch (number) {
                        case 7 -> NODE;
                        case 11 -> ATTRIBUTE;
                        default -> OTHER;
                    };
            case GRAPH ->
                    switch (number) {
                        case 1 -> NODE;
                        case 5 -> TENSOR;
                        default -> OTHER;
                    };
            case NODE -> number == 5 ? ATTRIBUTE : OTHER;
            case ATTRIBUTE ->
                    switch (number) {
                        case 5 -> TENSOR;
                        case 6, 11 -> GRAPH;
                        default -> OTHER;
                    };
            case TENSOR -> number == 9 ? RAW_DATA : OTHER;
            case RAW_DATA, OTHER -> OTHER;
        };
    }
}
