package dev.nibble.formats.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;

import dev.nibble.engine.ModelFormat;
import dev.nibble.graph.Attribute;
import dev.nibble.graph.Extras;
import dev.nibble.graph.Graph;
import dev.nibble.graph.Model;
import dev.nibble.graph.Node;
import dev.nibble.tensor.DataType;
import dev.nibble.tensor.Shape;
import dev.nibble.tensor.Tensor;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;

/**
 * Weights are looked at where they lie: reading and writing allocates far less than the weights
 * take.
 */
class MappedWeightsTest {
    private static final int WEIGHTS = 32 << 20;
    private static final long FAR_LESS = 4 << 20;

    private final OnnxFormat format = new OnnxFormat();

    @TempDir private Path folder;

    private Path file = Path.of("");

    @BeforeEach
    void writeAModel() {
        file = folder.resolve("big.onnx");
        Tensor weights = Tensor.ofBytes(DataType.INT8, Shape.of(WEIGHTS), new byte[WEIGHTS]);
        Node made =
                Node.of("c", "Constant", List.of(), List.of("made"))
                        .with("value", new Attribute.TensorValue(weights));
        Graph graph = Graph.of("g", List.of(made), List.of(), List.of(), Map.of("w", weights));
        format.write(new Model(graph, 8, Map.of("", 13L), Map.of(), Extras.NONE), file);
        // what is loaded and initialized only once does not count below
        format.write(format.read(file), file);
    }

    @Test
    void readingDoesNotCopyWeights() {
        long before = allocated();
        Graph graph = format.read(file).graph();
        long allocated = allocated() - before;
        assertThat(allocated).isLessThan(FAR_LESS);
        assertThat(graph.constant("w").orElseThrow().data().isMapped()).isTrue();
        assertThat(graph.constant("made").orElseThrow().data().isMapped()).isTrue();
    }

    @Test
    void writingDoesNotCopyWeightsToTheHeap() {
        Model model = format.read(file);
        long before = allocated();
        format.write(model, folder.resolve("copy.onnx"));
        assertThat(allocated() - before).isLessThan(FAR_LESS);
    }

    @Test
    void serializingUsesDirectMemoryOnly() {
        Model model = format.read(file);
        long before = allocated();
        ByteBuffer bytes = format.serialize(model);
        assertThat(allocated() - before).isLessThan(FAR_LESS);
        assertThat(bytes.isDirect()).isTrue();
        assertThat(bytes.remaining()).isGreaterThan(2 * WEIGHTS);
    }

    @Test
    void isFoundAsAService() {
        assertThat(
                        ServiceLoader.load(ModelFormat.class).stream()
                                .map(provider -> provider.get().name()))
                .contains("ONNX");
    }

    /** Bytes this thread has allocated on the heap so far. */
    private static long allocated() {
        return ((ThreadMXBean) ManagementFactory.getThreadMXBean())
                .getCurrentThreadAllocatedBytes();
    }
}
