package dev.nibble.cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads the number of an option that counts something: 1 or more. */
final class Count implements ITypeConverter<Integer> {
    @Override
    public Integer convert(String text) {
        if (!text.matches("0*[1-9][0-9]{0,8}")) {
            throw new TypeConversionException(
                    "\"" + text + "\" is not a whole number from 1 to 999999999");
        }
        return Integer.valueOf(text);
    }
}
