package dev.nibble.torch.graph;

/**
 * Why a graph cannot run on libtorch.
 *
 * @param node its name
 * @param operator its operator, with the domain where that is not the standard one
 * @param reason in a few words
 */
public record Unsupported(String node, String operator, String reason) {
    @Override
    public String toString() {
        return "node %s (%s): %s".formatted(node, operator, reason);
    }
}
