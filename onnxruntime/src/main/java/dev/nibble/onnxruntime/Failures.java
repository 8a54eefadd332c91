package dev.nibble.onnxruntime;

import ai.onnxruntime.OrtException;

import dev.nibble.error.NibbleException;

/** What ONNX Runtime complains of, in words that say what to do. */
final class Failures {
    private Failures() {}

    static NibbleException opening(String network, OrtException cause) {
        String remedy =
                switch (cause.getCode()) {
                    case ORT_NOT_IMPLEMENTED ->
                            "this version has no kernel for an operator or element type in it;"
                                    + " convert the network to a lower opset or leave that part in"
                                    + " float";
                    case ORT_INVALID_PROTOBUF, ORT_NO_SUCHFILE, ORT_NO_MODEL ->
                            "give an intact ONNX file, with its external data beside it";
                    case ORT_INVALID_GRAPH, ORT_INVALID_ARGUMENT, ORT_FAIL ->
                            "check the network with another tool, and that its opset is one that"
                                    + " this version knows";
                    default ->
                            "check that the file is an ONNX network and that there is memory for"
                                    + " it";
                };
        return new NibbleException(
                "ONNX Runtime cannot load " + network + ": " + cause.getMessage() + "; " + remedy,
                cause);
    }

    static NibbleException running(String network, OrtException cause) {
        return new NibbleException(
                "ONNX Runtime failed while running "
                        + network
                        + ": "
                        + cause.getMessage()
                        + "; check that the samples are what the network was made for",
                cause);
    }

    static NibbleException closing(String network, OrtException cause) {
        return new NibbleException(
                "ONNX Runtime failed while closing "
                        + network
                        + ": "
                        + cause.getMessage()
                        + "; its memory may be lost until the program ends",
                cause);
    }
}
