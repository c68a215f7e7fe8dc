package io.dyad.eventstore;

import java.sql.Connection;
import java.sql.SQLException;
import org.axonframework.common.jdbc.ConnectionProvider;
import org.axonframework.common.jdbc.ConnectionWrapperFactory;
import org.axonframework.common.transaction.Transaction;
import org.axonframework.common.transaction.TransactionManager;

/** The writer thread's transactions on its one connection, and the positions they give out. One writer: commit order is position order. */
final class WriterTransactions implements TransactionManager, ConnectionProvider {
    private final Connection connection;
    private final Connection kept;
    private long committed;
    private long last;
    private boolean broken;

    WriterTransactions(EventFile file) throws SQLException {
        connection = file.writer();
        connection.setAutoCommit(false);
        kept = ConnectionWrapperFactory.wrap(connection, new ConnectionWrapperFactory.NoOpCloseHandler());
        committed = file.lastPosition();
        connection.commit();
        last = committed;
    }

    @Override public Connection getConnection() { return kept; }

    long nextPosition() { return ++last; }

    /** The last position that is committed, whether durable or not. */
    long committed() { return committed; }

    /** True once a commit or a rollback has failed: what the file holds is then anyone's guess. */
    boolean broken() { return broken; }

    @Override public Transaction startTransaction() {
        return new Transaction() {
            @Override public void commit() {
                settle(connection::commit);
                committed = last;
            }

            @Override public void rollback() {
                last = committed;
                settle(connection::rollback);
            }
        };
    }

    private void settle(SqlAction end) {
        try {
            end.run();
        } catch (SQLException e) {
            broken = true;
            throw new IllegalStateException("the transaction could not be ended", e);
        }
    }

    private interface SqlAction {
        void run() throws SQLException;
    }
}
