package dev.nibble.cli;

import dev.nibble.cli.Table.Cell;
import dev.nibble.cli.Table.Column;
import dev.nibble.ladder.Passes;
import dev.nibble.ladder.Repair;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;

/** {@code nibble passes}: what the ladder of repairs is made of. */
@Command(
        name = "passes",
        header = "List the passes that repair a network.",
        customSynopsis = "nibble passes [OPTION]...",
        description =
                "%nLists the passes in the order in which quantize tries them, the least effort"
                        + " that includes each, and the paper that it follows. quantize --passes"
                        + " takes their names.%n",
        footer = {"", "Examples:", "  nibble passes", "  nibble passes --json -"})
final class PassesCommand implements Callable<Integer> {
    @Mixin private OutputOptions options;

    @Override
    public Integer call() {
        options.check();
        Table table =
                Table.of(
                        Column.left("pass"),
                        Column.left("effort"),
                        Column.elastic("what it does"),
                        Column.elastic("after"));
        for (Repair repair : Passes.ALL) {
            table.row(
                    List.of(
                            new Cell(repair.name(), Ink.GREEN),
                            new Cell(effort(repair), Ink.PLAIN),
                            new Cell(repair.summary(), Ink.PLAIN),
                            new Cell(repair.source(), Ink.DIM)));
        }
        options.console().result(table);
        options.writeJson(Map.of("passes", Passes.ALL.stream().map(PassesCommand::data).toList()));
        return ExitCodes.DONE;
    }

    private static String effort(Repair repair) {
        return switch (repair.stage()) {
            case GROUND -> "always";
            case FLOAT, CODES ->
                    repair.effort() == repair.narrowEffort()
                            ? repair.effort().toString()
                            : repair.effort() + ", 4 bits: " + repair.narrowEffort();
            case FORMATS -> "limits";
        };
    }

    private static Map<String, Object> data(Repair repair) {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("name", repair.name());
        data.put("stage", repair.stage().name().toLowerCase(Locale.ROOT));
        data.put("effort", effort(repair));
        data.put("summary", repair.summary());
        data.put("source", repair.source());
        return data;
    }
}
