package dev.nibble.formats.onnx;

import dev.nibble.tensor.Tensor;

import java.util.Optional;

/** Decides whether the data of a tensor is written into the model's file or lies in another one. */
@FunctionalInterface
interface Placement {
    /** Everything in one file. */
    Placement INLINE = _ -> Optional.empty();

    /** Where the tensor's data lies, if outside. */
    Optional<Slot> of(Tensor tensor);

    /** A piece of a file beside the model. */
    record Slot(String location, long offset, long length) {}
}
