package dev.nibble.repair;

import dev.nibble.engine.Progress;
import dev.nibble.error.NibbleException;
import dev.nibble.graph.Graph;
import dev.nibble.number.Encoding;
import dev.nibble.pass.Draft;
import dev.nibble.tensor.Tensor;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;

/**
 * What fits the constants of a block with gradients. Found through {@link ServiceLoader}; the
 * module {@code torch} provides one.
 */
public interface Reconstructor {
    /** Why a block cannot be fitted; empty if it can. */
    Optional<String> obstacle(Graph graph, Block block);

    /**
     * Fits the constants of a block so that, given the inputs of the quantized network, it delivers
     * the output of the float one.
     *
     * <p>Law: the result depends on the arguments alone.
     *
     * @param draft whose quantized nodes that take a bias have one of their own
     * @param progress is told of every iteration
     * @throws NibbleException if the block cannot be computed as the engine does
     */
    Fit fit(
            Draft draft,
            Block block,
            Values values,
            ReconstructionSettings settings,
            Progress progress);

    /**
     * What flows through a block, one tensor for each sample.
     *
     * @param floats the inputs in the float network, by name
     * @param quantized the inputs in the quantized network, by name
     * @param output what the float network makes of its inputs
     * @param errorBefore the squared error of the quantized block as it is, as a part of the
     *     output's power; positive
     */
    record Values(
            Map<String, List<Tensor>> floats,
            Map<String, List<Tensor>> quantized,
            List<Tensor> output,
            double errorBefore) {
        public Values {
            floats = Map.copyOf(floats);
            quantized = Map.copyOf(quantized);
            output = List.copyOf(output);
        }
    }

    /**
     * What came out.
     *
     * @param constants weights on the grid of their encoding, and biases, by name
     * @param encodings of activations whose scale was learned, by value
     */
    record Fit(Map<String, Tensor> constants, Map<String, Encoding> encodings) {
        public Fit {
            constants = Map.copyOf(constants);
            encodings = Map.copyOf(encodings);
        }

        Draft into(Draft draft) {
            Draft at = draft;
            for (Map.Entry<String, Tensor> constant : constants.entrySet()) {
                at = at.fit(constant.getKey(), constant.getValue());
            }
            for (Map.Entry<String, Encoding> encoding : encodings.entrySet()) {
                at = at.with(at.plan().withEncoding(encoding.getKey(), encoding.getValue()));
            }
            return at;
        }
    }

    /**
     * The one on the class path.
     *
     * @throws NibbleException if there is none; names the artifact to add
     */
    static Reconstructor find(String pass) {
        return ServiceLoader.load(Reconstructor.class)
                .findFirst()
                .orElseThrow(() ->
                        new NibbleException(
                                pass
                                        + " needs gradients, and nothing on the class path computes"
                                        + " them; add the artifact dev.nibble:nibble-torch and the"
                                        + " native libraries of its dependencies for this"
                                        + " platform"));
    }
}
