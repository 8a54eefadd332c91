/**
 * Operators of the ONNX standard as libtorch computes and differentiates them; one table for
 * training and for the fitting of quantized networks.
 *
 * <p>May import core and JavaCPP. Read {@link dev.nibble.torch.operator.Operators} and {@link
 * dev.nibble.torch.operator.Call} first.
 */
@NullMarked
package dev.nibble.torch.operator;

import org.jspecify.annotations.NullMarked;
