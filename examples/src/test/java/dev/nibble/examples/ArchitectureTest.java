package dev.nibble.examples;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;

import static org.assertj.core.api.Assertions.assertThat;

import static java.util.stream.Collectors.toSet;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** Who may name whom. Lives in the module that sees all the others. */
class ArchitectureTest {

    /** The packages of core, each of which may import only those before it; the root is last. */
    private static final List<String> CORE_ORDER =
            List.of(
                    "error",
                    "tensor",
                    "kernel",
                    "math",
                    "number",
                    "graph",
                    "opset",
                    "prepare",
                    "observe",
                    "calibrate",
                    "engine",
                    "plan",
                    "pass",
                    "lower",
                    "repair",
                    "cost",
                    "task",
                    "report",
                    "ladder",
                    "train",
                    "");

    /** What is not core, by the word after dev.nibble. */
    private static final Set<String> ABOVE_CORE =
            Set.of("formats", "onnxruntime", "torch", "html", "cli", "examples", "bench");

    private static final String GENERATED = "dev.nibble.formats.onnx.proto..";

    private static final JavaClasses CLASSES =
            new ClassFileImporter()
                    .withImportOption(new DoNotIncludeTests())
                    .importPackages("dev.nibble");

    @Test
    void theRulesSeeEveryModule() {
        Set<String> seen = CLASSES.stream().map(c -> segment(c)).collect(toSet());
        assertThat(seen).contains("", "formats", "onnxruntime", "torch", "html", "cli", "examples");
    }

    @Test
    void packagesOfCoreImportOnlyThoseBeforeThem() {
        check(classes().that(describe("are in core", c -> !aboveCore(c))).should(followTheOrder()));
    }

    @Test
    void coreStandsOnTheBaseOfTheJdkAlone() {
        check(
                classes()
                        .that(describe("are in core", c -> !aboveCore(c)))
                        .should()
                        .onlyDependOnClassesThat(
                                describe(
                                        "are in core, java.base, the Vector API or JSpecify",
                                        c -> isOurs(c) || mayBeNamedByCore(packageOf(c)))));
    }

    @ParameterizedTest
    @CsvSource({
        "com.google.protobuf.., dev.nibble.formats.onnx..",
        "com.fasterxml.jackson.databind.., dev.nibble.formats..",
        // what the engine writes down of itself is JSON, too
        "com.fasterxml.jackson.core.., dev.nibble.formats.. | dev.nibble.onnxruntime..",
        "ai.onnxruntime.., dev.nibble.onnxruntime..",
        "org.bytedeco.., dev.nibble.torch..",
        "jdk.incubator.vector.., dev.nibble.kernel..",
        "picocli.., dev.nibble.cli..",
        "me.tongfei.., dev.nibble.cli.."
    })
    void aLibraryIsNamedInOnePlace(String library, String place) {
        check(
                noClasses()
                        .that()
                        .resideOutsideOfPackages(place.split(" \\| "))
                        .should()
                        .dependOnClassesThat()
                        .resideInAPackage(library));
    }

    @ParameterizedTest
    @CsvSource({"formats", "onnxruntime", "torch"})
    void modulesInTheMiddleNameNothingButCore(String module) {
        check(
                classes()
                        .that()
                        .resideInAPackage("dev.nibble." + module + "..")
                        .should()
                        .onlyDependOnClassesThat(
                                describe(
                                        "are in core, in " + module + " or not ours",
                                        c -> !aboveCore(c) || module.equals(segment(c)))));
    }

    @Test
    void thePageStandsOnTheDataThatItHolds() {
        check(
                classes()
                        .that()
                        .resideInAPackage("dev.nibble.report.html..")
                        .should()
                        .onlyDependOnClassesThat(
                                describe(
                                        "are in core, in formats, in html or not ours",
                                        c ->
                                                !aboveCore(c)
                                                        || segment(c).equals("formats")
                                                        || segment(c).equals("html"))));
    }

    @Test
    void nothingNamesTheCommandLine() {
        check(
                noClasses()
                        .that()
                        .resideOutsideOfPackage("dev.nibble.cli..")
                        .should()
                        .dependOnClassesThat()
                        .resideInAPackage("dev.nibble.cli.."));
    }

    @Test
    void onlyProgramsSpeakToTheTerminal() {
        check(
                noClasses()
                        .that()
                        .resideOutsideOfPackages("dev.nibble.cli..", "dev.nibble.examples..")
                        .should(ACCESS_STANDARD_STREAMS));
    }

    @Test
    void noStaticStateCanChange() {
        check(noFields().should(beState()));
    }

    @Test
    void namesSayWhatAThingIs() {
        check(
                noClasses()
                        .that()
                        .resideOutsideOfPackage(GENERATED)
                        .should()
                        .haveNameMatching(".*(Impl|Utils?|Manager|Helper)")
                        .orShould()
                        .haveSimpleNameStartingWith("Abstract"));
    }

    private static void check(ArchRule rule) {
        rule.check(CLASSES);
    }

    /** A static field that is not final, or whose type exists to be changed. */
    private static boolean isState(JavaField field) {
        JavaClass owner = field.getOwner();
        if (owner.getPackageName().startsWith("dev.nibble.formats.onnx.proto")) {
            return false;
        }
        var modifiers = field.getModifiers();
        if (!modifiers.contains(JavaModifier.STATIC)) {
            return false;
        }
        String type = field.getRawType().getName();
        return !modifiers.contains(JavaModifier.FINAL)
                || type.startsWith("java.util.concurrent.atomic.")
                || type.matches("java\\.lang\\.(ThreadLocal|StringBuilder)")
                || type.matches("java\\.util\\..*(Array|Hash|Linked|Tree).*(List|Map|Set|Deque)");
    }

    private static ArchCondition<JavaField> beState() {
        return ArchCondition.from(describe("be static and mutable", f -> isState(f)));
    }

    private static ArchCondition<JavaClass> followTheOrder() {
        return new ArchCondition<>("import only packages before their own") {
            @Override
            public void check(JavaClass origin, ConditionEvents events) {
                if (!CORE_ORDER.contains(segment(origin))) {
                    String message =
                            origin.getName() + " is in a package without a place in the order";
                    events.add(SimpleConditionEvent.violated(origin, message));
                    return;
                }
                origin.getDirectDependenciesFromSelf().stream()
                        .filter(d -> isOurs(d.getTargetClass()) && !inOrder(d))
                        .forEach(d ->
                                events.add(SimpleConditionEvent.violated(d, d.getDescription())));
            }
        };
    }

    private static boolean inOrder(Dependency dependency) {
        int from = CORE_ORDER.indexOf(segment(dependency.getOriginClass()));
        int to = CORE_ORDER.indexOf(segment(dependency.getTargetClass().getBaseComponentType()));
        return 0 <= to && to <= from;
    }

    private static boolean isOurs(JavaClass type) {
        return type.getBaseComponentType().getName().startsWith("dev.nibble.");
    }

    private static boolean aboveCore(JavaClass type) {
        return isOurs(type) && ABOVE_CORE.contains(segment(type.getBaseComponentType()));
    }

    /** What a module descriptor would check, had core one. */
    private static boolean mayBeNamedByCore(String packageName) {
        return Object.class.getModule().getPackages().contains(packageName)
                || packageName.equals("jdk.incubator.vector")
                || packageName.equals("org.jspecify.annotations");
    }

    /** Primitive types count as java.lang. */
    private static String packageOf(JavaClass type) {
        JavaClass component = type.getBaseComponentType();
        return component.isPrimitive() ? "java.lang" : component.getPackageName();
    }

    /**
     * The word after {@code dev.nibble} in a package name; empty for the root package. The page has
     * a module of its own below the package of reports.
     */
    private static String segment(JavaClass type) {
        String[] words = type.getPackageName().split("\\.", -1);
        boolean page = type.getPackageName().startsWith("dev.nibble.report.html");
        return page ? "html" : words.length > 2 ? words[2] : "";
    }

    private static <T> DescribedPredicate<T> describe(String description, Predicate<T> predicate) {
        return DescribedPredicate.describe(description, predicate);
    }
}
