using System.Collections.Concurrent;
using PuppeteerSharp;

namespace HpcFit.EndToEnd.Tests.Harness;

/// <summary>A page of the <see cref="Browser"/>: what it wrote to the console, what it requested, and how it looks.</summary>
internal sealed class BrowserPage : IAsyncDisposable
{
    private readonly ConcurrentQueue<string> _errors = new();
    private readonly ConcurrentQueue<string> _requests = new();

    private BrowserPage(IPage page)
    {
        Page = page;
        // A violation of the Content-Security-Policy is reported on the console as an error, too.
        page.Console += (_, message) =>
        {
            if (message.Message.Type is ConsoleType.Error or ConsoleType.Warning or ConsoleType.Assert)
                _errors.Enqueue(message.Message.Text);
        };
        page.PageError += (_, failure) => _errors.Enqueue(failure.Message);
        page.Request += (_, request) => _requests.Enqueue(request.Request.Url);
    }

    /// <summary>The page, for everything that this type does not wrap.</summary>
    public IPage Page { get; }

    /// <summary>Errors and warnings on the console, and exceptions that no script caught.</summary>
    public IReadOnlyCollection<string> Errors => _errors;

    /// <summary>The URLs that were requested; the first is that of the page.</summary>
    public IReadOnlyCollection<string> Requests => _requests;

    /// <summary>Sets up a new page; nothing is loaded.</summary>
    public static async Task<BrowserPage> Create(IPage page, BrowserView view)
    {
        await page.SetViewportAsync(new() { Width = view.Width, Height = view.Height });
        await page.SetJavaScriptEnabledAsync(view.HasScript);
        // One call for both: each of the library's calls for media type and media features resets what the other has set.
        await page.Client.SendAsync(
            "Emulation.setEmulatedMedia",
            new
            {
                media = view.IsPrinted ? "print" : "screen",
                features = (object[])[new { name = "prefers-color-scheme", value = view.IsDark ? "dark" : "light" }],
            }
        );
        return new(page);
    }

    /// <summary>Loads a URL.</summary>
    public Task Load(string url) => Page.GoToAsync(url, WaitUntilNavigation.Load);

    /// <summary>Evaluates a JavaScript expression; a promise is awaited.</summary>
    public Task<T> Evaluate<T>(string expression) => Page.EvaluateExpressionAsync<T>(expression);

    /// <summary>The visible text of the first element that a CSS selector matches.</summary>
    public Task<string> Text(string selector) => Page.EvaluateFunctionAsync<string>("s => document.querySelector(s).innerText", selector);

    /// <summary>Whether the page is wider than the window, so that a reader must scroll sideways.</summary>
    public Task<bool> OverflowsSideways() => Evaluate<bool>("document.documentElement.scrollWidth > document.documentElement.clientWidth");

    /// <summary>Saves a picture of the whole page.</summary>
    /// <param name="path">A file name that ends in .png.</param>
    public Task Screenshot(string path) => Page.ScreenshotAsync(path, new() { FullPage = true });

    /// <summary>Fails the test if the page reported an error or a warning, or requested anything but itself.</summary>
    public void ShouldBeQuiet()
    {
        Errors.ShouldBeEmpty();
        Requests.Where(url => !url.StartsWith("data:", StringComparison.Ordinal)).Count().ShouldBe(1, string.Join('\n', Requests));
    }

    public async ValueTask DisposeAsync() => await Page.CloseAsync();
}
