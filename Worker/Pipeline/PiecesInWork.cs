using HpcFit.Shared.Elements;

namespace HpcFit.Worker.Pipeline;

/// <summary>
/// The pieces that threads have read and are fitting. When no piece is left to read, a thread without work fits elements of another
/// thread's piece: few stripes of slow elements occupy all threads, and each stripe is inflated once.
/// </summary>
/// <param name="readers">The threads that may still begin a piece.</param>
/// <param name="secondsPerElement">The time of one element; 0: unknown, and nothing is shared.</param>
internal sealed class PiecesInWork(int readers, double secondsPerElement)
{
    /// <summary>Less work than this is done sooner by the thread that has it than by two of which one has to prepare.</summary>
    private const double SecondsWorthSharing = 0.05;

    private readonly object _gate = new();
    private readonly List<PieceInWork> _pieces = [];
    private int _readers = readers;
    private bool _allAreBegun;
    private bool _isHalted;

    /// <summary>Whether every piece has been begun, so that threads help each other from now on.</summary>
    public bool AllAreBegun => Volatile.Read(ref _allAreBegun);

    /// <summary>Begins a piece whose values have been read.</summary>
    public PieceInWork Begin(StripeFitter fitter, StripePiece piece)
    {
        var begun = new PieceInWork(fitter, piece);
        lock (_gate)
        {
            _pieces.RemoveAll(one => one.Remaining == 0);
            _pieces.Add(begun);
            Monitor.PulseAll(_gate);
        }
        return begun;
    }

    /// <summary>Notes that the calling thread begins no further piece.</summary>
    public void NoMore()
    {
        lock (_gate)
        {
            _readers--;
            _allAreBegun = true;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Wakes all threads that wait: nothing further is to be fitted.</summary>
    public void Halt()
    {
        lock (_gate)
        {
            _isHalted = true;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>
    /// The piece with the most elements that no thread has taken; waits while a thread may still begin one. Null: nothing is left that is
    /// worth sharing.
    /// </summary>
    public PieceInWork? Wait()
    {
        lock (_gate)
        {
            while (!_isHalted)
            {
                if (_pieces.Where(IsWorthSharing).MaxBy(piece => piece.Remaining) is { } piece)
                    return piece;
                if (_readers == 0)
                    return null;
                Monitor.Wait(_gate);
            }
            return null;
        }
    }

    private bool IsWorthSharing(PieceInWork piece) => piece.Remaining * secondsPerElement > SecondsWorthSharing;
}

/// <summary>A piece that one thread has read, and whose elements any thread may take.</summary>
/// <param name="reader">The workspace that holds the values. It reads nothing else before all elements have been taken, and only when no
/// other thread can have taken any.</param>
/// <param name="piece">The elements.</param>
internal sealed class PieceInWork(StripeFitter reader, StripePiece piece)
{
    private readonly Lock _lock = new();
    private int _range;
    private ElementRange _rest = piece.Ranges.Span[0];
    private long _remaining = piece.Count;

    /// <summary>The workspace that holds the values.</summary>
    public StripeFitter Reader => reader;

    /// <summary>Elements that no thread has taken.</summary>
    public long Remaining => Interlocked.Read(ref _remaining);

    /// <summary>Takes consecutive elements, which no other thread gets.</summary>
    /// <param name="max">How many at most.</param>
    /// <param name="shares">The threads among which the rest is to be divided; fewer elements are taken towards the end.</param>
    /// <param name="taken">The elements.</param>
    /// <returns>False: none are left.</returns>
    public bool TryTake(int max, int shares, out ElementRange taken)
    {
        const int SharesPerThread = 2;
        const int WorthDividing = 64;
        lock (_lock)
        {
            taken = _rest;
            if (_remaining == 0)
                return false;
            var fair = Math.Max(Math.Min(max, WorthDividing), _remaining / (SharesPerThread * shares));
            var count = shares == 1 ? max : Math.Min(max, fair);
            taken = _rest with { End = Math.Min(_rest.End, _rest.First + count) };
            _rest = _rest with { First = taken.End };
            if (_rest.Count == 0 && _range + 1 < piece.Ranges.Length)
                _rest = piece.Ranges.Span[++_range];
            Interlocked.Add(ref _remaining, -taken.Count);
            return true;
        }
    }
}
