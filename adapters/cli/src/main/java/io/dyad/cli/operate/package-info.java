/** What an operator does to two clusters from outside, through the API alone: fail over, verify. And whom to trust, and as whom to log in. */
@NullMarked
package io.dyad.cli.operate;

import org.jspecify.annotations.NullMarked;
