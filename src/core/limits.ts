/**
 * Every named limit of the rules and of the node. Each is tested at the
 * limit and one past it, the large ones through a smaller one that is passed in.
 * "Bytes" of a block or a transaction are bytes of its text, which is ASCII.
 */

/** Nesting of arrays and objects in any JSON that we read. */
export const MAX_JSON_DEPTH = 64

/** Characters of a timestamp or an amount, as written. */
export const MAX_NUMBER_CHARS = 400

/** UTF-16 code units of a sender or a recipient. */
export const MAX_PARTY_CHARS = 1_024

/** A block's whole text, transactions included. */
export const MAX_BLOCK_BYTES = 1_000_000

/** One block in a file that a command reads: it may be escaped and spaced out. Characters, or bytes. */
export const MAX_WRITTEN_BLOCK_CHARS = 8 * MAX_BLOCK_BYTES

/** One line of a file of headers, bytes; a row of ours has 250. */
export const MAX_HEADER_LINE_BYTES = 4_096

/** A file with a chain spec. */
export const MAX_SPEC_BYTES = 65_536

/** How long a command waits for a pipe with a name that brings nothing, in milliseconds. */
export const PIPE_SILENCE_MS = 60_000

/** The current transactions, counted and in bytes. */
export const MAX_POOL_TRANSACTIONS = 100_000
export const MAX_POOL_BYTES = 32 * 1024 * 1024

/** How far past that those go which a reorganisation returns, as a factor; more are lost. */
export const RETURNED_POOL_FACTOR = 2

/** Blocks off the active chain; past it the branches with the least work go first. */
export const MAX_SIDE_BRANCH_BYTES = 64 * 1024 * 1024

/** Work of a reorganisation that is done in one turn, in blocks and in bytes of blocks. */
export const MAX_SLICE_BLOCKS = 256
export const MAX_SLICE_BYTES = 1_048_576

/** Rows of the search for a block's transactions that are written in one turn. */
export const MAX_SLICE_ROWS = 2_000

/** Values in one block's JSON, told by its commas: a full block of the smallest transactions has 62,000. */
export const MAX_BLOCK_VALUES = 100_000

/** Transactions that a reorganisation gives back in one turn. */
export const MAX_SLICE_TRANSACTIONS = 16_384

/** Headers kept in memory; older ones are read from the store again. */
export const MAX_CACHED_HEADERS = 4_096

/** Requests to mine that wait for their turn, the one at work included. */
export const MAX_WAITING_MINES = 400

/** Blocks that one call to mine may ask for. */
export const MAX_BLOCKS_PER_CALL = 100

/** Threads that search for proofs: more than any machine of a class has cores. */
export const MAX_MINING_THREADS = 256

/** Other nodes that this one keeps in its list. */
export const MAX_NODES = 1_000

/** Characters of another node's address. */
export const MAX_ADDRESS_CHARS = 255

/** Requests that wait for an answer of the node, all kinds together. */
export const MAX_WAITING_REQUESTS = 4_096

/**
 * For how long the requests that a turn of the event loop finds are begun in it, in milliseconds; the rest
 * waits for the next turns.
 */
export const MAX_TURN_WORK_MS = 20

/** Connections that are read again in one turn of the event loop, where many rest: each may bring 64 KiB. */
export const MAX_READ_CONNECTIONS_A_TURN = 16

/** Effects of a node that are let out in one turn of the event loop. */
export const MAX_EFFECTS_A_TURN = 1_024

/** How soon a node whose store failed reads it again, if nobody asks before, in milliseconds. */
export const REOPEN_AFTER_MS = 1_000

/** Connections of clients; past it the one that does least gives way. */
export const MAX_CONNECTIONS = 2_048

/**
 * A connection that has said nothing for so long gives way to a new one, in milliseconds: time enough for
 * what a client sends first to be read, however many others connect meanwhile.
 */
export const LEAST_CONNECTION_IDLE_MS = 100

/** A holder of a place that has not used it for so long gives way to a newcomer, in milliseconds. */
export const LEAST_IDLE_MS = 1_000

/**
 * Requests that wait on one connection behind the one that is being answered, and on all together; a KiB of
 * a body counts as a request.
 */
export const MAX_PIPELINED_REQUESTS = 512
export const MAX_ALL_PIPELINED_REQUESTS = 4_096

/** Bytes of finished responses that clients have not read yet, all together. */
export const MAX_UNREAD_BYTES = 64 * 1024 * 1024

/** Answers being streamed at once, each over its own snapshot of the store. */
export const MAX_OPEN_SNAPSHOTS = 64

/**
 * The store's log of writes, in bytes: past it those give way who have read for a while, past twice as much
 * all who read, so that it can be begun anew.
 */
export const MAX_LOG_BYTES = 128 * 1024 * 1024

/** Readers that wait for such a place, and how long each waits before it is refused, in milliseconds. */
export const MAX_WAITING_SNAPSHOTS = 400
export const SNAPSHOT_WAIT_MS = 5_000

/** A request's body. */
export const MAX_BODY_BYTES = 65_536

/** Values in a request's body: a list of MAX_NODES addresses has half as many. */
export const MAX_BODY_VALUES = 2_048

/** Pieces that a body may come in, where its sender cuts it into chunks. */
export const MAX_BODY_PIECES = 1_024

/** The same of another node's answer, which may be long: so many, and one more for so many bytes of it. */
export const MAX_PEER_PIECES = 4_096
export const PEER_PIECE_BYTES = 64

/** What the client reads of one response: the longest is a whole chain. */
export const MAX_RESPONSE_BYTES = 256 * 1024 * 1024

/** Programs that listen to the event stream. */
export const MAX_EVENT_SUBSCRIBERS = 1_000

/** Events kept for those who come back, or who read slowly, and bytes of them. */
export const MAX_KEPT_EVENTS = 1_024
export const MAX_KEPT_EVENT_BYTES = 2 * 1024 * 1024

/** Bytes of events that one listener gets in one turn, unless a single event has more. */
export const MAX_EVENT_BATCH_BYTES = 65_536

/** Blocks or transactions read from the store at once while an answer is streamed. */
export const STREAM_PAGE = 200

/** Bytes of blocks read from the store at once, unless a single block has more. */
export const MAX_PAGE_BYTES = 1_048_576

/** How long a streamed answer may hold its snapshot, in milliseconds. */
export const MAX_STREAM_MS = 60_000

/** Branches that one answer lists. */
export const MAX_TIPS_LISTED = 1_000

/** Payments of a party that one answer lists: at most, and where it is not told how many. */
export const MAX_PAYMENTS_LISTED = 100
export const PAYMENTS_LISTED = 20

/**
 * Requests in a minute: of all who show the node's token or else of one address, with room for a class of
 * 300 behind it, and of one connection. Loopback is exempt unless a limit is asked for.
 */
export const MAX_REQUESTS_PER_MINUTE = 30_000
export const MAX_REQUESTS_PER_CONNECTION = 3_000

/** Other nodes that are asked at the same time; more wait for their turn. */
export const MAX_PEER_SESSIONS = 64

/** Rounds of asking every node at the same time; who calls to resolve then waits for one to end. */
export const MAX_RESOLVE_ROUNDS = 16

/** Nodes that may send us long parts of a chain at the same time, of those that make progress. */
export const MAX_PEER_FETCHERS = 3

/** A node that has sent nothing new for so long no longer keeps others from sending, in milliseconds. */
export const PEER_STALL_MS = 2_000

/** How long a node's turn to send a long part keeps others from theirs at most, in milliseconds. */
export const PEER_TURN_MS = 5_000

/** A tick that comes later than this says that we were busy, and blames nobody; in milliseconds. */
export const MAX_TICK_DELAY_MS = 50

/** How long another node may be silent while we wait for it, in milliseconds. */
export const PEER_SILENCE_MS = 10_000

/** How long asking one node may take in all, in milliseconds. */
export const PEER_SESSION_MS = 60_000

/** What one node may send us each time it is asked for its chain. */
export const MAX_PEER_BYTES = 256 * 1024 * 1024

/** Bytes from another node that are not, or not yet, taken as a piece of its answer. */
export const MAX_PEER_OVERHEAD_BYTES = 512 * 1024

/** Characters of one block in another node's answer, which may be spaced out. */
export const MAX_PEER_BLOCK_CHARS = 2 * MAX_BLOCK_BYTES

/**
 * Characters that are held of all other nodes' answers together, because the blocks that they belong to have
 * not ended; past it the one that holds the most is left alone. A picture of the network may hold as many.
 */
export const MAX_PEER_HELD_CHARS = 12 * 1024 * 1024

/** Blocks that we ask another node for at once, and bytes of them that we read. */
export const MAX_BATCH_BLOCKS = 200
export const MAX_BATCH_BYTES = 4 * 1024 * 1024

/** New blocks of a node's chain, and bytes of them, that are adopted before all of it has been read. */
export const MAX_NEWS_BLOCKS = 2_000
export const MAX_NEWS_BYTES = 16 * 1024 * 1024

/** How often a node's chain may change while we read it, before we give up for this time. */
export const MAX_PEER_RESTARTS = 2

/** The longest time for which a node that did wrong is not asked by ourselves, in milliseconds. */
export const MAX_PEER_PAUSE_MS = 300_000

/** Nodes that one picture of the network shows, and that one of them may tell of. */
export const MAX_NETWORK_NODES = 400
export const MAX_NEIGHBOURS = 50

/** How long a picture of the network may take, in milliseconds. */
export const NETWORK_SURVEY_MS = 5_000

/** What a node may send for the picture: about itself, and as a chain where it says nothing else. */
export const MAX_SURVEY_BYTES = 65_536
export const MAX_SURVEY_CHAIN_BYTES = 16 * 1024 * 1024

/** Output of a node that nobody has read yet, for each of its two outputs; what comes then is dropped. */
export const MAX_UNREAD_OUTPUT_BYTES = 1024 * 1024

/** What reading other nodes' chains may take, together, so that a test can set smaller limits. */
export interface SyncLimits {
  readonly sessions: number
  readonly fetchers: number
  readonly stallMs: number
  readonly turnMs: number
  readonly silenceMs: number
  readonly sessionMs: number
  readonly peerBytes: number
  readonly batchBlocks: number
  readonly batchBytes: number
  readonly newsBlocks: number
  readonly newsBytes: number
  readonly restarts: number
  readonly pauseMs: number
}

export const SYNC_LIMITS: SyncLimits = {
  sessions: MAX_PEER_SESSIONS,
  fetchers: MAX_PEER_FETCHERS,
  stallMs: PEER_STALL_MS,
  turnMs: PEER_TURN_MS,
  silenceMs: PEER_SILENCE_MS,
  sessionMs: PEER_SESSION_MS,
  peerBytes: MAX_PEER_BYTES,
  batchBlocks: MAX_BATCH_BLOCKS,
  batchBytes: MAX_BATCH_BYTES,
  newsBlocks: MAX_NEWS_BLOCKS,
  newsBytes: MAX_NEWS_BYTES,
  restarts: MAX_PEER_RESTARTS,
  pauseMs: MAX_PEER_PAUSE_MS,
}
