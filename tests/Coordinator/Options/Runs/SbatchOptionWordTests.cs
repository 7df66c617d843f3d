using HpcFit.Coordinator.Options.Runs;
using HpcFit.Shared.Failures;

namespace HpcFit.Coordinator.Tests.Options.Runs;

public class SbatchOptionWordTests
{
    [Theory]
    [InlineData("-a1", "--array")]
    [InlineData("--arra=1", "--array")]
    [InlineData("--array=0-3", "--array")]
    [InlineData("-J", "--job-name")]
    [InlineData("-Jx", "--job-name")]
    [InlineData("--job-n=x", "--job-name")]
    [InlineData("--wrap=true", "--wrap")]
    [InlineData("--wra", "--wrap")]
    [InlineData("-o/tmp/x", "--output")]
    [InlineData("--depend=afterok:1", "--dependency")]
    [InlineData("-dafterok:1", "--dependency")]
    [InlineData("-Ha1", "--hold")]
    [InlineData("-ka1", "--array")]
    [InlineData("-sJx", "--job-name")]
    [InlineData("--parti=x", "--partition")]
    [InlineData("-px", "--partition")]
    [InlineData("--tim=5", "--time")]
    [InlineData("-t5", "--time")]
    [InlineData("--mem=4G", "--mem")]
    [InlineData("--cpus=2", "--cpus-per-task")]
    [InlineData("-M", "--clusters")]
    [InlineData("--node=2", "--nodes")]
    [InlineData("--vers", "--version")]
    public void Reserved_options_of_sbatch_are_refused_in_every_form(string word, string name) =>
        Should.Throw<UsageException>(() => SbatchOptionWord.Checked([word])).Message.ShouldContain($"sbatch reads this as {name}");

    [Theory]
    [InlineData("--constraint=rome")]
    [InlineData("-Crome")]
    [InlineData("--nice=100")]
    [InlineData("--exclusive")]
    [InlineData("--mem-bind=local")]
    [InlineData("--time-min=5")]
    [InlineData("--nodelist=n1")]
    [InlineData("-wn1")]
    [InlineData("--gres=tmp:10")]
    [InlineData("-Ga1")] // the value of -G
    [InlineData("-Q")]
    [InlineData("--mail-user=a@b.org")]
    public void Other_options_are_passed_on(string word) => SbatchOptionWord.Checked([word]).ShouldBe([word]);

    [Theory]
    [InlineData("rome")]
    [InlineData("-")]
    [InlineData("--")]
    [InlineData("")]
    public void A_word_that_is_not_an_option_is_refused(string word) =>
        Should.Throw<UsageException>(() => SbatchOptionWord.Checked([word]));
}
