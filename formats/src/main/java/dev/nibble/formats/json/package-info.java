/**
 * Recipes, reports and other results as JSON.
 *
 * <p>Imports core, Jackson and the file helpers and samples of {@code formats}. Read {@link
 * dev.nibble.formats.json.RecipeFile} and {@link dev.nibble.formats.json.ReportJson} first.
 */
@NullMarked
package dev.nibble.formats.json;

import org.jspecify.annotations.NullMarked;
