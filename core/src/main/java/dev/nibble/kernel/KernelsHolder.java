package dev.nibble.kernel;

import dev.nibble.error.NibbleException;

import org.jspecify.annotations.Nullable;

import java.util.function.Supplier;

/** Chooses the kernels once, on first use. */
final class KernelsHolder {
    /**
     * System property that overrides the choice, for tests and for reports of faults: {@code
     * scalar} or {@code vector}.
     */
    static final String PROPERTY = "nibble.kernels";

    private static final String MODULE = "jdk.incubator.vector";

    static final Kernels PLAIN = new ScalarKernels();

    private static final @Nullable String WISH = System.getProperty(PROPERTY);

    /** Apart, so that vectors are not loaded before they are asked for. */
    private static final class Best {
        static final Supplier<Kernels> CHOSEN = once(WISH);
    }

    private KernelsHolder() {}

    static Kernels best() {
        return Best.CHOSEN.get();
    }

    static Kernels forElements(long elements) {
        return WISH == null && elements < Kernels.WORTH_WARMING ? PLAIN : best();
    }

    /**
     * Keeps a refusal for whoever asks: thrown while the class is loaded, it would be buried in an
     * error of the loading.
     */
    private static Supplier<Kernels> once(@Nullable String wish) {
        try {
            Kernels chosen = choose(wish);
            return () -> chosen;
        } catch (NibbleException refused) {
            return () -> {
                throw refused;
            };
        }
    }

    static Kernels choose(@Nullable String wish) {
        return switch (wish) {
            case null -> hasModule() && compilesVectors() ? vector() : PLAIN;
            case "scalar" -> PLAIN;
            case "vector" -> {
                if (!hasModule()) {
                    throw new NibbleException(
                            "-D%s=vector needs the module %s; add --add-modules %s to the java command"
                                    .formatted(PROPERTY, MODULE, MODULE));
                }
                yield vector();
            }
            default ->
                    throw new NibbleException(
                            "there are no \"%s\" kernels; -D%s takes \"scalar\" or \"vector\", or leave it out"
                                    .formatted(wish, PROPERTY));
        };
    }

    private static boolean hasModule() {
        return ModuleLayer.boot().findModule(MODULE).isPresent();
    }

    /**
     * Whether the second compiler is at work: without it every vector operation is a call that
     * allocates.
     */
    private static boolean compilesVectors() {
        String mode = System.getProperty("java.vm.info", "");
        return !mode.contains("interpreted") && !mode.contains("emulated-client");
    }

    /** Apart, so that the class is not loaded where its module is missing. */
    private static Kernels vector() {
        return new VectorKernels();
    }
}
