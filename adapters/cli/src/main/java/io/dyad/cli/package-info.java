/** The command line: results on standard output, everything else on standard error. */
@NullMarked
package io.dyad.cli;

import org.jspecify.annotations.NullMarked;
