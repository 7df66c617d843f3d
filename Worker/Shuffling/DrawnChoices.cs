namespace HpcFit.Worker.Shuffling;

/// <summary>Random choices, all equally likely, as a function of the seed, the shuffle's number and the attempt at drawing it.</summary>
/// <param name="seed">The seed.</param>
/// <param name="shuffle">The shuffle's number.</param>
/// <param name="attempt">How often the shuffle was drawn before.</param>
internal struct DrawnChoices(long seed, ulong shuffle, uint attempt) : IChoices
{
    private const int BlockWords = 4;
    private const int WordBits = 32;

    private readonly ulong _key = (ulong)seed;
    private Philox4x32.Block _block;
    private uint _blocks;
    private int _wordsUsed = BlockWords;
    private uint _bits;
    private int _bitsUsed = WordBits;

    /// <inheritdoc/>
    /// <remarks>
    /// Lemire (2019, ACM Transactions on Modeling and Computer Simulation 29): the upper half of a word times the bound, and another word
    /// for the few products that would make some results likelier than others.
    /// </remarks>
    public int Next(int bound)
    {
        var limit = (uint)bound;
        var product = (ulong)NextWord() * limit;
        if ((uint)product < limit)
        {
            var excess = (0 - limit) % limit;
            while ((uint)product < excess)
                product = (ulong)NextWord() * limit;
        }
        return (int)(product >> WordBits);
    }

    /// <inheritdoc/>
    public bool NextFlip()
    {
        if (_bitsUsed == WordBits)
            (_bits, _bitsUsed) = (NextWord(), 0);
        return ((_bits >> _bitsUsed++) & 1) != 0;
    }

    private uint NextWord()
    {
        if (_wordsUsed == BlockWords)
        {
            _block = Philox4x32.Compute(new(_blocks++, attempt, (uint)shuffle, (uint)(shuffle >> 32)), _key);
            _wordsUsed = 0;
        }
        return _wordsUsed++ switch
        {
            0 => _block.A,
            1 => _block.B,
            2 => _block.C,
            _ => _block.D,
        };
    }
}
