package dev.nibble.kernel;

/** Chooses the kernels once, on first use. */
final class KernelsHolder {
    static final Kernels BEST = new ScalarKernels();

    private KernelsHolder() {}
}
