package dev.nibble.formats.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nibble.error.NibbleException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

class PreprocessingTest {
    @TempDir private Path folder;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    imagenet                          | imagenet,resize=crop
                    tf,resize=exact                   | tf,resize=exact
                    ' unit , size=320x240 '           | unit,resize=crop,size=320x240
                    raw,size=64,crop=1,channels=bgr   | raw,channels=bgr,resize=crop,crop=1.0,size=64x64
                    raw,layout=nhwc,resize=crop       | raw,layout=nhwc,resize=crop
                    scale=0.5,mean=1:2:3              | scale=0.5,mean=1.0:2.0:3.0,std=1.0,resize=crop
                    unit,mean=0.5,std=0.25            | scale=0.00392156862745098,mean=0.5,std=0.25,resize=crop
                    scale=1,mean=0                    | raw,resize=crop
                    """)
    void hasOneSpelling(String text, String canonical) {
        Preprocessing parsed = Preprocessing.parse(text);
        assertThat(parsed).hasToString(canonical);
        assertThat(Preprocessing.parse(canonical)).isEqualTo(parsed);
    }

    @Test
    void readsAJsonFile() throws IOException {
        String json =
                """
                {"scale": 1, "mean": [123.7, 116.8, 103.9], "std": 1, "channels": "bgr", "layout": "nhwc",
                 "resize": "exact", "size": 224}
                """;
        Preprocessing parsed = Preprocessing.parse(file(json) + ",resize=crop");
        assertThat(parsed.mean()).isEqualTo(List.of(123.7, 116.8, 103.9));
        assertThat(parsed)
                .hasToString(
                        "scale=1.0,mean=123.7:116.8:103.9,std=1.0,channels=bgr,layout=nhwc,resize=crop,size=224x224");
        assertThat(
                        Preprocessing.parse(
                                file("{\"preset\": \"tf\", \"resize\": \"exact\"}").toString()))
                .isEqualTo(Preprocessing.parse("tf,resize=exact"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    ''                     | imagenet, tf, unit, raw
                    imagnet                | did you mean "imagenet"
                    resize=exact           | does not say what becomes of the values
                    tf,resize=exactly      | resize=exactly is none of exact, crop; did you mean "exact"
                    tf,resiz=exact         | did you mean "resize"
                    tf,exact               | "exact" in preprocessing "tf,exact" is not a setting
                    tf,size=0              | size=0 is not a size
                    tf,size=1x2x3          | size=1x2x3 is not a size
                    tf,crop=2              | crop 2.0 is outside
                    tf,mean=1:2            | has to be 1 or 3 numbers
                    tf,std=0               | std must not be 0
                    tf,std=x               | std=x is not a number
                    tf,scale=0             | scale 0.0 is not a number other than 0
                    tf,channels=rbg        | did you mean "rgb"
                    no/such.json           | does not exist
                    """)
    void refusesWhatItDoesNotUnderstand(String text, String message) {
        assertThatThrownBy(() -> Preprocessing.parse(text))
                .isInstanceOf(NibbleException.class)
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{",
                "[1]",
                "{\"preset\": \"tf\", \"colour\": 1}",
                "{\"mean\": 1}",
                "{\"preset\": 3}"
            })
    void refusesJsonThatIsNoPreprocessing(String json) throws IOException {
        Path file = file(json);
        assertThatThrownBy(() -> Preprocessing.parse(file.toString()))
                .isInstanceOf(NibbleException.class);
    }

    private Path file(String json) throws IOException {
        return Files.writeString(folder.resolve("p.json"), json);
    }
}
