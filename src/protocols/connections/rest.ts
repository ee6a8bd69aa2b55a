/**
 * How long a peer is not read that had as much in one turn of the event loop as one may have. In the next turn
 * a few of them would have it as well: the thread would never be idle, and the kernel lets such a thread wait.
 */
export const restMs = 3;
