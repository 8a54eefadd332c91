/**
 * The report as one HTML page that needs nothing else: no network, no other file.
 *
 * <p>Imports core and {@code formats.json}, whose data the page holds and draws. Read {@link
 * dev.nibble.report.html.HtmlReport} first, then {@code page.html} and {@code main.js} among the
 * resources.
 */
@NullMarked
package dev.nibble.report.html;

import org.jspecify.annotations.NullMarked;
