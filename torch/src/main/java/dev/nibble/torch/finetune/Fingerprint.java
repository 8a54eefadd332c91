package dev.nibble.torch.finetune;

import dev.nibble.tensor.Tensor;
import dev.nibble.train.NetworkTrainer.Task;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/** Tells one training from another: the same network, plan, samples and settings are the same. */
final class Fingerprint {
    private static final long PIECE = 1 << 20;

    private Fingerprint() {}

    static String of(Task task) {
        MessageDigest digest = sha256();
        add(digest, task.settings().threads(1).toString());
        add(digest, task.samples().description() + task.samples().size());
        add(digest, task.validation().description() + task.validation().size());
        add(digest, new TreeMap<>(task.draft().plan().values()).toString());
        add(digest, constants(task.draft().fittedModel().graph().constants()));
        task.teacher().ifPresent(model -> add(digest, constants(model.graph().constants())));
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static void add(MessageDigest digest, String text) {
        digest.update(text.getBytes(StandardCharsets.UTF_8));
        digest.update((byte) 0);
    }

    /** Piece by piece: tensors may be larger than an array. */
    private static void add(MessageDigest digest, MemorySegment data) {
        for (long from = 0; from < data.byteSize(); from += PIECE) {
            long size = Math.min(PIECE, data.byteSize() - from);
            digest.update(data.asSlice(from, size).toArray(ValueLayout.JAVA_BYTE));
        }
    }

    private static String constants(Map<String, Tensor> constants) {
        MessageDigest digest = sha256();
        new TreeMap<>(constants)
                .forEach((name, tensor) -> {
                    add(digest, name + tensor.shape());
                    add(digest, tensor.data());
                });
        return HexFormat.of().formatHex(digest.digest());
    }
}
