using System.Security.Cryptography;
using HpcFit.EndToEnd.Tests.Harness;
using HpcFit.Shared.ModelArray;

namespace HpcFit.EndToEnd.Tests.Writing;

/// <summary>
/// A run whose elements are all fitted, so that <c>hpcfit merge</c> only has to write, and its data file before any write.
/// </summary>
internal sealed class FittedRun : IDisposable
{
    private readonly Study _study;
    private readonly byte[] _before;
    private readonly ResultsTable _expected;
    private readonly string _otherDatasets;

    public FittedRun(int elements = 40_000)
    {
        _study = new(elements, subjects: 24);
        _before = File.ReadAllBytes(Data);
        BeforeHash = HashOfData();
        _otherDatasets = HashOfOtherDatasets();
        HpcFitProgram.Run(_study.Lm("FD ~ Age + motion", "lm", "--run-dir", Run, "--jobs", "1")).ShouldSucceed();
        _expected = ResultsTable.Read(Data, "lm");
        PutDataBack();
    }

    public string Folder => _study.Folder;

    public string Data => _study.Data;

    public string Cohort => _study.Cohort;

    public string Run => _study.Combine("run");

    public string Claim => Data + ".hpcfit-write";

    public string Journal => Data + ".hpcfit-undo";

    public string BeforeHash { get; }

    /// <summary>Restores the old content, in the same inode.</summary>
    public void PutDataBack() => File.WriteAllBytes(Data, _before);

    public string HashOfData() => Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(Data)));

    /// <summary>Fails the test unless h5py finds the complete analysis in the file, and everything else unchanged.</summary>
    public void ShouldHoldTheResultsForOthers()
    {
        ResultsTable.Read(Data, "lm").ShouldHaveTheSameBitsAs(_expected);
        HashOfOtherDatasets().ShouldBe(_otherDatasets);
    }

    /// <summary>Like <see cref="ShouldHoldTheResultsForOthers"/>, without starting another program; also checks the old values.</summary>
    public void ShouldHoldTheResults()
    {
        using (var analysis = AnalysisColumns.Open(Data, "lm"))
        {
            analysis.Summary.ColumnNames.ShouldBe(_expected.Names);
            var values = new double[_expected.Rows];
            for (var column = 0; column < _expected.Columns.Length; column++)
            {
                analysis.Read(column, 0, values);
                values
                    .Select(BitConverter.DoubleToInt64Bits)
                    .SequenceEqual(_expected.Columns[column].Select(BitConverter.DoubleToInt64Bits))
                    .ShouldBeTrue(_expected.Names[column]);
            }
        }
        // libhdf5 edits a few bytes of metadata in place and appends the rest.
        var after = File.ReadAllBytes(Data);
        var changed = Enumerable.Range(0, _before.Length).Count(at => after[at] != _before[at]);
        changed.ShouldBeInRange(1, 100, "bytes of the old file changed");
    }

    public void Dispose() => _study.Dispose();

    private string HashOfOtherDatasets() => Python.Run("other_datasets.py", Data).ShouldSucceed().Output.Trim();
}
