package dev.nibble.onnxruntime;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.TensorInfo;

import dev.nibble.engine.Engine;
import dev.nibble.engine.EngineOptions;
import dev.nibble.engine.KernelTime;
import dev.nibble.engine.ModelFormat;
import dev.nibble.engine.Sample;
import dev.nibble.engine.Session;
import dev.nibble.error.NibbleException;
import dev.nibble.graph.Attribute;
import dev.nibble.graph.Graph;
import dev.nibble.graph.Model;
import dev.nibble.graph.ValueInfo;
import dev.nibble.graph.ValueInfo.Dimension;
import dev.nibble.graph.ValueInfo.RankedTensor;
import dev.nibble.onnxruntime.OnnxRuntimeSession.Wanted;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Runs networks on ONNX Runtime's CPU provider.
 *
 * <p>Outputs that are not tensors (sequences, maps), or of a type that ONNX Runtime for Java cannot
 * hand over (4-bit integers, 8-bit floats), are left out when all outputs are fetched, and refused
 * when they are asked for by name.
 */
public final class OnnxRuntimeEngine implements Engine {

    @Override
    public String name() {
        return "ONNX Runtime " + Environment.shared().getVersion();
    }

    /**
     * {@inheritDoc}
     *
     * <p>Nodes that no fetched value needs are left out. Networks beyond {@link
     * ModelFormat#inlineLimitBytes()} go through a temporary file, which is deleted when the
     * session is closed.
     *
     * @throws IllegalArgumentException if the network has no value of a name in {@code fetch}
     */
    @Override
    public Session open(Model model, Set<String> fetch, ModelFormat format, EngineOptions options) {
        return open(model, fetch, format, options, new TemporaryFolder(), Optional.empty());
    }

    /**
     * Loads a network that is in memory.
     *
     * @param folder deleted when the session is closed
     * @param profile where ONNX Runtime writes down what kernels take; empty for nowhere
     */
    private static OnnxRuntimeSession open(
            Model model,
            Set<String> fetch,
            ModelFormat format,
            EngineOptions options,
            TemporaryFolder folder,
            Optional<Path> profile) {
        String network = "network \"" + model.graph().name() + "\"";
        FetchedModel fetched = FetchedModel.of(model, fetch);
        return opened(
                network,
                folder,
                options,
                (environment, ortOptions) -> {
                    if (profile.isPresent()) {
                        ortOptions.enableProfiling(profile.get().toString());
                    }
                    OrtSession session =
                            load(environment, fetched.model(), format, ortOptions, folder);
                    return closingOnFailure(
                            session,
                            () -> {
                                Set<String> computed =
                                        readable(
                                                network,
                                                session,
                                                fetched.computed(),
                                                !fetch.isEmpty());
                                Wanted wanted =
                                        new Wanted(computed, fetched.constants(), fetched.echoed());
                                return new OnnxRuntimeSession(
                                        session,
                                        Declared.of(
                                                network,
                                                session.getInputInfo(),
                                                scalars(fetched.model())),
                                        wanted,
                                        folder);
                            });
                });
    }

    private static Set<String> scalars(Model model) {
        return model.graph().inputs().stream()
                .filter(input ->
                        input.type() instanceof RankedTensor(_, List<Dimension> dims)
                                && dims.isEmpty())
                .map(ValueInfo::name)
                .collect(Collectors.toSet());
    }

    @Override
    public Session open(Path file, EngineOptions options) {
        if (!Files.isRegularFile(file)) {
            throw new NibbleException(
                    "there is no file " + file + "; give the path of an ONNX network");
        }
        String network = file.toString();
        TemporaryFolder folder = new TemporaryFolder();
        return opened(
                network,
                folder,
                options,
                (environment, ortOptions) -> {
                    OrtSession session = environment.createSession(network, ortOptions);
                    return closingOnFailure(
                            session,
                            () -> {
                                Set<String> echoed = new HashSet<>(session.getOutputNames());
                                echoed.retainAll(session.getInputNames());
                                Set<String> computed = new TreeSet<>(session.getOutputNames());
                                computed.removeAll(echoed);
                                Wanted wanted =
                                        new Wanted(
                                                readable(network, session, computed, false),
                                                Map.of(),
                                                echoed);
                                return new OnnxRuntimeSession(
                                        session,
                                        Declared.of(network, session.getInputInfo(), Set.of()),
                                        wanted,
                                        folder);
                            });
                });
    }

    @Override
    public List<KernelTime> kernelTimes(Model model, ModelFormat format, Sample sample, int runs) {
        TemporaryFolder folder = new TemporaryFolder();
        Optional<Path> profile = Optional.of(folder.make().resolve("profile"));
        EngineOptions options = EngineOptions.SINGLE_THREAD;
        try (OnnxRuntimeSession session = open(model, Set.of(), format, options, folder, profile)) {
            for (int i = 0; i < KernelProfile.WARM_UP + runs; i++) {
                session.run(sample.inputs()).close();
            }
            return KernelProfile.read(session.endProfiling(), runs, names(model.graph()));
        }
    }

    private static Set<String> names(Graph graph) {
        Set<String> names = new HashSet<>(graph.valueNames());
        graph.nodes().forEach(node -> names.add(node.name()));
        return names;
    }

    /**
     * {@inheritDoc}
     *
     * <p>Some 77 MB of it, the same for every network, are Java and ONNX Runtime themselves (Linux,
     * x64). Known on Linux only.
     */
    @Override
    public OptionalLong peakMemoryBytes(Path file, Sample sample) {
        return PeakMemory.of(file, sample);
    }

    /** What can be done with an environment and options, the latter being closed afterwards. */
    private interface Opening {
        OnnxRuntimeSession open(OrtEnvironment environment, SessionOptions options)
                throws OrtException;
    }

    private interface Making {
        OnnxRuntimeSession make() throws OrtException;
    }

    private static OnnxRuntimeSession opened(
            String network, TemporaryFolder folder, EngineOptions wanted, Opening opening) {
        OrtEnvironment environment = Environment.shared();
        try (SessionOptions options = Environment.options(wanted)) {
            return opening.open(environment, options);
        } catch (OrtException cause) {
            folder.close();
            throw Failures.opening(network, cause);
        } catch (Throwable failure) {
            folder.close();
            throw failure;
        }
    }

    private static OnnxRuntimeSession closingOnFailure(OrtSession session, Making making)
            throws OrtException {
        try {
            return making.make();
        } catch (Throwable failure) {
            session.close();
            throw failure;
        }
    }

    private static OrtSession load(
            OrtEnvironment environment,
            Model model,
            ModelFormat format,
            SessionOptions options,
            TemporaryFolder folder)
            throws OrtException {
        if (tensorBytes(model.graph()) > format.inlineLimitBytes()) {
            Path file = folder.make().resolve("model");
            format.write(model, file);
            return environment.createSession(file.toString(), options);
        }
        ByteBuffer bytes = format.serialize(model);
        if (bytes.isDirect()) {
            return environment.createSession(bytes, options);
        }
        byte[] array = new byte[bytes.remaining()];
        bytes.duplicate().get(array);
        return environment.createSession(array, options);
    }

    private static long tensorBytes(Graph graph) {
        long initializers =
                graph.constants().values().stream()
                        .mapToLong(tensor -> tensor.data().byteSize())
                        .sum();
        long inNodes =
                graph.nodes().stream()
                        .flatMap(node -> node.attributes().values().stream())
                        .mapToLong(attribute ->
                                attribute instanceof Attribute.TensorValue(var tensor)
                                        ? tensor.data().byteSize()
                                        : 0)
                        .sum();
        long inSubgraphs =
                graph.nodes().stream()
                        .flatMap(node -> node.subgraphs())
                        .mapToLong(OnnxRuntimeEngine::tensorBytes)
                        .sum();
        return initializers + inNodes + inSubgraphs;
    }

    /** The outputs among those wanted that can be handed over. */
    private static Set<String> readable(
            String network, OrtSession session, Set<String> wanted, boolean byName)
            throws OrtException {
        Map<String, NodeInfo> infos = session.getOutputInfo();
        Set<String> readable = new TreeSet<>();
        for (String name : wanted) {
            NodeInfo info = infos.get(name);
            boolean handedOver =
                    info != null
                            && info.getInfo() instanceof TensorInfo tensor
                            && ElementTypes.of(tensor).isPresent();
            if (handedOver) {
                readable.add(name);
            } else if (byName) {
                throw new NibbleException(
                        "value \"%s\" of %s is %s, which ONNX Runtime for Java cannot hand over as a tensor; fetch another value"
                                .formatted(
                                        name, network, info == null ? "unknown" : info.getInfo()));
            }
        }
        return readable;
    }
}
