package dev.nibble.pass;

import dev.nibble.engine.Lab;
import dev.nibble.graph.Graph;
import dev.nibble.graph.Node;
import dev.nibble.pass.Finding.Applied;
import dev.nibble.pass.Finding.Measured;

import java.util.List;

/**
 * Puts a Relu in the place of every Clip from 0 to an upper bound, which changes the function where
 * values went beyond, and measures by how much.
 *
 * @param pass in whose name it speaks
 */
record ReluReplacement(String pass) implements Pass {
    @Override
    public Draft apply(Draft draft, Lab lab) {
        Graph graph = draft.graph();
        List<Node> clips = graph.nodes().stream().filter(node -> isBounded(graph, node)).toList();
        if (clips.isEmpty()) {
            return draft;
        }
        Draft replaced =
                draft.mapGraph(same ->
                        UnusedConstants.removeFrom(
                                same.edit(editor ->
                                        clips.forEach(clip -> editor.replace(clip, relu(clip))))));
        for (Node clip : clips) {
            replaced =
                    replaced.noting(
                            new Applied(
                                    pass,
                                    clip.name(),
                                    "became a Relu; this changes what went beyond its bound"));
        }
        if (lab.samples().size() == 0) {
            return replaced;
        }
        return replaced.noting(
                new Measured(
                        pass,
                        "outputs",
                        "SQNR in dB with Relu for Clip",
                        FunctionChange.sqnrDb(
                                "comparing Relu with Clip",
                                draft.model(),
                                replaced.model(),
                                ChannelExtremes.part(lab))));
    }

    private static boolean isBounded(Graph graph, Node node) {
        return node.is("Clip")
                && Carriers.bounds(graph, node)
                        .filter(bounds -> bounds[0] == 0 && Float.isFinite(bounds[1]))
                        .isPresent();
    }

    private static Node relu(Node clip) {
        return Node.of(clip.name(), "Relu", List.of(clip.input(0)), clip.outputs());
    }
}
